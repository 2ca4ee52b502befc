"""Names that senders of links append to addresses: no page depends on them."""

import re

_TRACKING = re.compile(
    r"utm_\w+|mtm_\w+|pk_(?:campaign|kwd|source|medium)|at_(?:medium|campaign|custom\d|link_\w+|format|ptr_name|bbc_team)"
    r"|ns_(?:mchannel|source|campaign|linkname|fee)|__twitter_impression|guce_referrer\w*|guccounter"
    r"|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|gad_source|srsltid|msclkid|yclid|twclid|ttclid|igshid|igsh|li_fat_id"
    r"|mc_cid|mc_eid|_ga|_gl|_hsenc|_hsmi|mkt_tok|oly_anon_id|oly_enc_id|vero_id|wt_mc|xtor"
    r"|ref_src|ref_url|s_cid|cmp|cmpid|smid|smtyp|ocid",
    re.IGNORECASE | re.ASCII,
)


def is_tracking(name: str) -> bool:
    """Return whether `name`, from the query of an address, says only where a reader came from."""
    return bool(_TRACKING.fullmatch(name))
