import pytest
from tests.timeline.bulk import publish_many
from tests.timeline.scene import select, publish_scene
from timeline.exports import csv_file
from timeline.exports.csv_file import _After
from django.db.models import F, Value
from django.db import connection
import time
@pytest.mark.django_db
def test_x():
    publish_many(20000)
    c=connection.cursor()
    c.execute("select relname, relpages, reltuples, last_autovacuum, last_autoanalyze from pg_class join pg_stat_user_tables using(relname) where relname like 'tracker_p%%' or relname like 'tracker_edi%%'")
    for r in c.fetchall(): print(r)
    c.execute("set statement_timeout=8000")
    s=select("",surface="csv")
    rows=s.rows().values_list("projection__newest","projection__slug","csv","edition__columns")
    f=list(rows[:1000])
    for n in range(20):
        after=_After(F("projection__newest"),F("projection__slug"),Value(f[-1][0]),Value(f[-1][1]))
        q=rows.filter(after)[:1000]
        ex=q.explain()
        t=time.time()
        try: f=list(q)
        except Exception: print(ex); raise
        print(n, time.time()-t, flush=True)
