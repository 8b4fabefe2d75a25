"""The words that people read: the catalogues (nl, en), what they may never claim, how hard they are."""
