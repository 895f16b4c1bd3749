"""Finding a model that runs well here: what a hub offers, judged by this engine on this machine,
before anything is downloaded."""
