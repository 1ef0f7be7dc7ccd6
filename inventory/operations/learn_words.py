"""Keep the words of the catalog, by which search mends typing mistakes."""

from django.db import connection

from inventory.search import PRODUCT_WORDS, VARIANT_WORDS
from omni.core.operation import operation

LEARN = """
WITH titles AS (
    SELECT word, ndoc FROM ts_stat($$SELECT {titles} FROM inventory_product p WHERE p.is_active$$)
), options AS (
    SELECT word, ndoc FROM ts_stat($$SELECT {options} FROM inventory_variant v WHERE v.is_active$$)
), now AS (
    SELECT word, COALESCE(t.ndoc, 0) AS t, COALESCE(o.ndoc, 0) AS o FROM titles t FULL JOIN options o USING (word)
     WHERE length(word) <= 100 AND word !~ '^[0-9.]+$'
), gone AS (
    DELETE FROM inventory_searchword w WHERE NOT EXISTS (SELECT 1 FROM now WHERE now.word = w.word)
)
INSERT INTO inventory_searchword (word, title_count, option_count) SELECT word, t, o FROM now ORDER BY word
ON CONFLICT (word) DO UPDATE SET title_count = excluded.title_count, option_count = excluded.option_count
 WHERE (inventory_searchword.title_count, inventory_searchword.option_count)
       IS DISTINCT FROM (excluded.title_count, excluded.option_count)
"""


@operation
def learn_words() -> int:
    """Write down every word of active products and variants; returns how many were new or changed.

    A new product is found by its words at once; only mistyped ones wait for this.
    """
    with connection.cursor() as cursor:
        cursor.execute(LEARN.format(titles=PRODUCT_WORDS, options=VARIANT_WORDS))
        return cursor.rowcount
