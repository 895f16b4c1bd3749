"""Building blocks of the views: buttons, cards, bars, charts. Know nothing of the engine."""
