"""Rights: which ones a victim has in a case, whose they are and until when. Law as data; pure."""
