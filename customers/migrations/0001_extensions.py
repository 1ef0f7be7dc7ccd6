from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

# The twin of customers/name_keys.py; a change here needs a new index.
NAME_KEYS = r"""
CREATE FUNCTION customers_name_keys(name text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    WITH word AS (
        SELECT DISTINCT left(found[1], 24) AS w FROM regexp_matches(
            translate(lower(coalesce(name, '')), 'áàâäãåāăąçćčďđéèêëēėęěğíìîïīįıłľñńňóòôöõøōőŕřśšşșťţțúùûüūůűųýÿžźżẞß''’',
                      'aaaaaaaaacccddeeeeeeeegiiiiiiillnnnoooooooorrsssstttuuuuuuuuyyzzzss'),
            '[[:alnum:]]+', 'g') AS found
    )
    SELECT coalesce(array_agg(key), '{}') FROM (
        SELECT '=' || w AS key FROM word
        UNION SELECT '^' || left(w, n) FROM word, generate_series(1, 6) AS n WHERE n <= length(w)
        UNION SELECT '-' || w FROM word
        UNION SELECT '-' || left(w, n - 1) || substr(w, n + 1) FROM word, generate_series(1, length(w)) AS n
    ) AS keys
$$
"""


class Migration(migrations.Migration):
    """Words are found with typos: through trigrams, and names through keys of their own."""

    initial = True
    dependencies = []
    operations = [TrigramExtension(), migrations.RunSQL(NAME_KEYS, "DROP FUNCTION customers_name_keys(text)")]
