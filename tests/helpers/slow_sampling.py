"""The sampling steps once more, in plain Python over lists: the truth the fast ones must meet.

A list of candidates is [(token, logit), ...]; each step returns a new list.
"""

import math

Pairs = list[tuple[int, float]]


def softmax(pairs: Pairs) -> list[float]:
    peak = max(logit for _, logit in pairs)
    weights = [math.exp(logit - peak) for _, logit in pairs]
    return [weight / sum(weights) for weight in weights]


def ranked(pairs: Pairs) -> Pairs:
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


def top_k(pairs: Pairs, k: int) -> Pairs:
    return ranked(pairs)[:k]


def top_p(pairs: Pairs, p: float, min_keep: int = 0) -> Pairs:
    pairs, total = ranked(pairs), 0.0
    for i, probability in enumerate(softmax(pairs)):
        total += probability
        if total >= p and i + 1 >= min_keep:
            return pairs[: i + 1]
    return pairs


def min_p(pairs: Pairs, p: float, min_keep: int = 0) -> Pairs:
    pairs = ranked(pairs)
    limit = pairs[0][1] + math.log(p)
    return [pair for i, pair in enumerate(pairs) if i < max(1, min_keep) or pair[1] >= limit]


def typical(pairs: Pairs, p: float, min_keep: int = 0) -> Pairs:
    probabilities = softmax(pairs)
    entropy = -sum(x * math.log(x) for x in probabilities if x > 0)
    far = [abs(-math.log(x) - entropy) if x > 0 else math.inf for x in probabilities]
    order = sorted(range(len(pairs)), key=lambda i: far[i])
    total = 0.0
    for n, i in enumerate(order, 1):
        total += probabilities[i]
        if total > p and n >= min_keep:
            return [pairs[j] for j in order[:n]]
    return pairs


def top_n_sigma(pairs: Pairs, n: float) -> Pairs:
    logits = [logit for _, logit in pairs if logit > -math.inf]
    mean = sum(logits) / len(logits)
    sigma = math.sqrt(sum((logit - mean) ** 2 for logit in logits) / len(logits))
    limit = max(logits) - n * sigma
    return [(token, logit if logit >= limit else -math.inf) for token, logit in pairs]


def xtc(pairs: Pairs, threshold: float, min_keep: int = 0) -> Pairs:
    pairs = ranked(pairs)
    n_likely = sum(probability >= threshold for probability in softmax(pairs))
    if n_likely < 2 or len(pairs) - (n_likely - 1) < min_keep:
        return pairs
    return pairs[n_likely - 1 :]


def penalties(
    pairs: Pairs, recent: list[int], repeat: float, presence: float, frequency: float
) -> Pairs:
    result = []
    for token, logit in pairs:
        count = recent.count(token)
        if count:
            logit = logit * repeat if logit <= 0 else logit / repeat
            logit -= count * frequency + presence
        result.append((token, logit))
    return result


def dry(
    pairs: Pairs, tokens: list[int], multiplier: float, base: float, allowed: int, limit: int
) -> Pairs:
    """`limit`: how many tokens follow the last breaker."""
    lengths: dict[int, int] = {}
    for end in range(1, len(tokens)):
        n = 0
        while n < end and n < limit and tokens[end - 1 - n] == tokens[-1 - n]:
            n += 1
        if n >= allowed:
            lengths[tokens[end]] = max(n, lengths.get(tokens[end], 0))
    if len(tokens) <= allowed or limit < allowed:
        lengths = {}
    return [
        (t, x - multiplier * base ** (lengths[t] - allowed) if t in lengths else x)
        for t, x in pairs
    ]


def dynamic_temperature(pairs: Pairs, temperature: float, spread: float, power: float) -> Pairs:
    entropy = -sum(x * math.log(x) for x in softmax(pairs) if x > 0)
    low, high = max(0.0, temperature - spread), temperature + spread
    hot = low + (high - low) * (entropy / math.log(len(pairs))) ** power
    return [(token, logit / hot) for token, logit in pairs]


def adaptive(pairs: Pairs, aim: float) -> Pairs:
    result = []
    for (token, logit), probability in zip(pairs, softmax(pairs), strict=True):
        far = abs(probability - aim) / 0.3
        result.append((token, 5 - 10 * far**2 / (1 + far) if logit > -math.inf else logit))
    return result


def mirostat_k(pairs: Pairs, mu: float, n_vocab: int) -> int:
    pairs = ranked(pairs)
    probabilities = softmax(pairs)
    tb = tt = 0.0
    for i in range(min(99, len(pairs) - 1)):
        t = math.log((i + 2) / (i + 1))
        tb += t * math.log(probabilities[i] / probabilities[i + 1])
        tt += t * t
    s = tb / tt
    e = s - 1
    return max(1, int(((e * 2**mu) / (1 - n_vocab**-e)) ** (1 / s)))
