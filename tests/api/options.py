"""What tests ask `POST /fulfillment-options`, and what it may cost."""

CEILING = 14  # statements, whatever the number of lines, services and locations


def cart(*wanted, **more):
    """Of these variants so many units, to Minneapolis; line n is called `rn`."""
    lines = [
        {"reference": f"r{n}", "sku": variant.sku, "quantity": units} for n, (variant, units) in enumerate(wanted, 1)
    ]
    return {"lines": lines, "ship_to": {"postal_code": "55401"}} | more


def told(site, *wanted, **more):
    answer = site.post("/fulfillment-options", cart(*wanted, **more))
    assert answer.status_code == 200, answer.content
    return answer.json()


def standard(options):
    return options["ship"][0]
