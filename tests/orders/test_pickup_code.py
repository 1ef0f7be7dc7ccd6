from uuid import uuid4

from orders.pickup_code import code_of, digest, pickup_code


def test_a_code_outlives_a_change_of_the_secret_key(settings):
    seed = uuid4()
    code = pickup_code(seed)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key, as long as it is secret"
    assert pickup_code(seed) != code
    assert code_of(seed, digest(code)) == code


def test_codes_read_out_on_the_phone_have_no_look_alikes():
    codes = "".join(pickup_code(uuid4()) for _ in range(200))
    assert not set("ILOU") & set(codes)
    assert len(codes) == 8 * 200
