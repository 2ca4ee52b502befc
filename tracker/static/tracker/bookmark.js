// The bookmark works on articles. Clicked here, our Content-Security-Policy would refuse it with an error: say what to do.
"use strict";
{
  const bookmark = document.getElementById("bookmarklet");
  const told = document.getElementById("bookmarklet-told");
  bookmark.addEventListener("click", (event) => {
    event.preventDefault();
    told.textContent = "Drag this to your bookmarks bar. Then click it there while you read an article.";
  });
}
