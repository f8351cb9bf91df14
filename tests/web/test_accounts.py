from tests.support.accounts import (
    ANNA,
    Person,
    enrol,
    link,
    person,
    post,
    register,
    sign_in,
    signed_in_client,
)


def test_somebody_registers_confirms_by_mail_and_signs_in(client):
    registered = register(client)
    confirmed = client.get(link(ANNA))
    signed_in = sign_in(client, Person(ANNA))

    assert registered.location == confirmed.location == "/account/sign-in"
    assert signed_in.location == "/account/onward"
    assert ANNA in client.get("/account").text


def test_a_second_factor_that_was_set_up_is_asked_for_from_then_on(app, client):
    anna = person()
    client = signed_in_client(app, anna)

    enrolled = enrol(client, anna)
    post(client, "/account/sign-out", page="/account")
    half_way = post(client, "/account/sign-in", {"email": anna.email, "password": anna.password})
    before = client.get("/account")
    through = post(client, "/account/code", {"code": anna.code(steps=1)})

    assert enrolled.location == "/account/after-second-step"
    assert half_way.location == "/account/code"
    assert before.status_code == 303
    assert through.location == "/account/onward"
    assert client.get("/account").status_code == 200
