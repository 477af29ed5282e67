"""第九条: the pages that anybody may open without login."""
