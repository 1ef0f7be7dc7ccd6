"""What the API is, for machines and for people; open to everybody."""

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

openapi = SpectacularAPIView.as_view()
docs = SpectacularSwaggerSplitView.as_view(url_name="schema", template_name="core/api_docs.html")
