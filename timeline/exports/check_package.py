"""Checks a data package, zipped or unpacked: python3 check_package.py PACKAGE. Needs Python 3.9 and nothing else."""

import csv
import hashlib
import io
import json
import re
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

FORMULA = re.compile(r"'*[=+\-@\t\r]")  # the sealed line of such a cell begins with one more quote


def sha256(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def table(root: Any, name: str) -> "csv.DictReader[str]":
    return csv.DictReader(io.TextIOWrapper((root / name).open("rb"), "utf-8", newline=""))


def check_files(root: Any) -> Iterator[str]:
    """Every file is the one that was packed."""
    for line in (root / "checksums.sha256").open("rb"):
        digest, name = line.decode().split()
        if sha256((root / name).open("rb")) != digest:
            yield f"{name} is not the file that was packed."


def check_editions(root: Any) -> Iterator[str]:
    """Every edition seals its rows and the edition before it."""
    sealed, previous = defaultdict(list), None
    for row in table(root, "row_digests.csv"):
        sealed[row["edition"]].append(f"{row['kind']} {row['json_digest']} {row['csv_digest']}".rstrip())
    for number, row in enumerate(table(root, "editions.csv"), 1):
        seal = {"previous": previous, "number": number, "published_at": row["published_at"], "note": row["note"]}
        seal |= {"codebook": row["codebook_version"], "rows": sorted(sealed.pop(str(number), []))}
        text = json.dumps(seal, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        if [row["number"], row["digest"]] != [str(number), sha256([text.encode()])]:
            yield f"Edition {row['number']} does not match its digest."
        previous = row["digest"]
    yield from (f"Rows are sealed by edition {number}, which is missing." for number in sealed)


def check_rows(root: Any) -> Iterator[str]:
    """Every entry is sealed, in the last of its versions; none is missing unless the package is filtered."""
    sealed = {(row["slug"], row["version"]): row for row in table(root, "row_digests.csv") if row["kind"] == "action"}
    last = dict(sorted(sealed, key=lambda key: int(key[1])))  # slug -> version
    shown = [*lines(root), *records(root)]
    for name, slug, version, digest in shown:
        seal = sealed.get((slug, version), {})
        if digest != seal.get("csv_digest" if name == "actions.csv" else "json_digest") or last[slug] != version:
            yield f"{name}: {slug}, version {version}, is not what was sealed."
    about = json.loads((root / "datapackage.json").read_bytes())
    standing = {slug for slug in last if sealed[slug, last[slug]]["csv_digest"]} - set(about["redacted"])
    for name in ("actions.csv", "actions.jsonl"):
        wanted = {slug for _, slug, _, _ in shown} if about["filtered"] else standing
        missing = wanted - {slug for file, slug, _, _ in shown if file == name}
        yield from (f"{name}: {slug} is missing." for slug in sorted(missing))


def lines(root: Any) -> Iterator[tuple[str, str, str, str]]:
    """Yield file, slug, version and digest of each row of actions.csv, as the line that was sealed."""
    columns = {row["number"]: int(row["columns"]) for row in table(root, "editions.csv")}
    for row in table(root, "actions.csv"):
        cells = list(row.values())[: columns.get(row["edition"], 0)]  # it has gained columns since
        line = io.StringIO()
        csv.writer(line).writerow(f"'{cell}" if FORMULA.match(cell) else cell for cell in cells)
        yield "actions.csv", row["slug"], row["version"], sha256([line.getvalue()[:-2].encode()])


def records(root: Any) -> Iterator[tuple[str, str, str, str]]:
    """Yield the same of each line of actions.jsonl."""
    for line in (root / "actions.jsonl").open("rb"):
        record = json.loads(line)
        yield "actions.jsonl", record["slug"], str(record["version"]), sha256([line.rstrip(b"\n")])


def main(package: Path) -> str:
    """Return what is wrong, a line for each, and "" if nothing is; print which edition a sound package is of."""
    csv.field_size_limit(2**31 - 1)
    try:
        root = package if package.is_dir() else zipfile.Path(package)
        if found := [*check_files(root), *check_editions(root), *check_rows(root)]:
            return "\n".join(found)
        editions = [f"Edition {row['number']}, digest {row['digest']}" for row in table(root, "editions.csv")]
        sys.stdout.write("\n".join(["Sound.", *editions[-1:], ""]))
    except (KeyError, OSError, TypeError, ValueError, csv.Error, zipfile.BadZipFile) as error:
        return f"This cannot be read as a package: {error!r}"
    return ""


if __name__ == "__main__":
    sys.exit(main(Path(*sys.argv[1:])) or 0)
