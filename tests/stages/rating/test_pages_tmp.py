from tests.factories import County
from tests.stages.rating.ratings import *
from tests.web.staffed import at_work, fields_of, send_act
from tests.web.programs import Program
from sqlalchemy import update
from flask_appbuilder.security.sqla.models import User
from app.web.passwords import hash_password
from tests.web.logins import PASSWORD

def test_tmp(app, county):
    county.session.execute(update(User).values(password=hash_password(PASSWORD))); county.session.commit()
    line = finished(county)
    r = rating_of(county, line)
    c = app.test_client()
    p = c.get(f"/rate/{r.token}")
    assert p.status_code == 200, p.text
    assert c.post(f"/rate/{r.token}", data={"grade": "5"}).status_code == 400
    p = c.post(f"/rate/{r.token}", data={**fields_of(p), "grade": "5", "comment": "<b>x</b>", "via":"qr"})
    assert p.status_code == 303, p.text
    p = c.get(f"/rate/{r.token}"); assert "GD-" in p.text
    for u in ("/complain/", "/complain/state"):
        assert c.get(u).status_code == 200
    p = c.post("/complain/", data={**fields_of(c.get("/complain/")), "place": f"centre:{centre(county,'hall')}", "title":"排队太久", "content":"窗口只开了一个，等了两个小时。","phone":"19900000099"})
    assert p.status_code == 303, p.text
    p = c.get("/complain/done"); assert p.status_code == 200
    pk = 1
    for who in ("manager.hall","supervisor","leader","head","clerk.hall"):
        w = at_work(app, who)
        for u in ("/", f"/object/rating/{r.id}", f"/application/{line.id}", f"/object/complaint/{pk}", "/ratings/list/", "/complaints/list/", "/unreminded/list/", "/satisfaction/"):
            a = w.get(u)
            print(who, u, a.status_code)
            assert a.status_code < 500
