"""The pages of casework: intake, review, quarantine, lists and limits. No person and no picture is here."""
