/*
 * SM2 public keys and signatures (GB/T 32918.2) over a digest that is given, written to be read: for tests alone, and
 * not in constant time.
 *
 * Numbers are four 64-bit words, the lowest first. Products are Montgomery's: times(a, b) = a * b / 2^256 mod m.
 */
#ifndef SM2_H
#define SM2_H

#include <stdint.h>
#include <string.h>
#include <sys/random.h>

typedef uint64_t Number[4];
typedef struct { Number m; uint64_t inverse; Number square; } Modulus; /* -1/m mod 2^64, and 2^512 mod m */
typedef struct { Number x, y, z; } Point;                              /* Jacobian; z = 0 at infinity */

static const Number ONE = {1, 0, 0, 0};
static Modulus P = {{0xffffffffffffffff, 0xffffffff00000000, 0xffffffffffffffff, 0xfffffffeffffffff}, 0, {0}};
static Modulus N = {{0x53bbf40939d54123, 0x7203df6b21c6052b, 0xffffffffffffffff, 0xfffffffeffffffff}, 0, {0}};
static const Number GX = {0x715a4589334c74c7, 0x8fe30bbff2660be1, 0x5f9904466a39c994, 0x32c4ae2c1f198119};
static const Number GY = {0x02df32e52139f0a0, 0xd0a9877cc62a4740, 0x59bdcee36b692153, 0xbc3736a2f4f6779c};

static int is_zero(const Number a) { return !(a[0] | a[1] | a[2] | a[3]); }

static int below(const Number a, const Number b) {
    for (int i = 3; i >= 0; i--)
        if (a[i] != b[i]) return a[i] < b[i];
    return 0;
}

static uint64_t subtract(Number out, const Number a, const Number b) {
    unsigned __int128 borrow = 0;
    for (int i = 0; i < 4; i++) {
        unsigned __int128 d = (unsigned __int128)a[i] - b[i] - borrow;
        out[i] = (uint64_t)d, borrow = d >> 64 & 1;
    }
    return (uint64_t)borrow;
}

static uint64_t add(Number out, const Number a, const Number b) {
    unsigned __int128 sum = 0;
    for (int i = 0; i < 4; i++) {
        sum += (unsigned __int128)a[i] + b[i];
        out[i] = (uint64_t)sum, sum >>= 64;
    }
    return (uint64_t)sum;
}

static void plus(Number out, const Number a, const Number b, const Modulus *mod) {
    uint64_t carry = add(out, a, b);
    if (carry || !below(out, mod->m)) subtract(out, out, mod->m);
}

static void minus(Number out, const Number a, const Number b, const Modulus *mod) {
    if (subtract(out, a, b)) add(out, out, mod->m);
}

static void times(Number out, const Number a, const Number b, const Modulus *mod) {
    uint64_t t[6] = {0};
    for (int i = 0; i < 4; i++) {
        unsigned __int128 c = 0;
        for (int j = 0; j < 4; j++) c += (unsigned __int128)a[i] * b[j] + t[j], t[j] = (uint64_t)c, c >>= 64;
        c += t[4], t[4] = (uint64_t)c, t[5] = (uint64_t)(c >> 64);
        uint64_t q = t[0] * mod->inverse;
        c = (unsigned __int128)q * mod->m[0] + t[0], c >>= 64;
        for (int j = 1; j < 4; j++) c += (unsigned __int128)q * mod->m[j] + t[j], t[j - 1] = (uint64_t)c, c >>= 64;
        c += t[4], t[3] = (uint64_t)c, t[4] = t[5] + (uint64_t)(c >> 64);
    }
    memcpy(out, t, sizeof(Number));
    if (t[4] || !below(out, mod->m)) subtract(out, out, mod->m);
}

static void into(Number out, const Number a, const Modulus *mod) { times(out, a, mod->square, mod); }
static void out_of(Number out, const Number a, const Modulus *mod) { times(out, a, ONE, mod); }

/* 1/a = a^(m-2), in and out of Montgomery's form. */
static void inverted(Number out, const Number a, const Modulus *mod) {
    Number e, two = {2, 0, 0, 0}, result;
    subtract(e, mod->m, two);
    into(result, ONE, mod);
    for (int bit = 255; bit >= 0; bit--) {
        times(result, result, result, mod);
        if (e[bit / 64] >> bit % 64 & 1) times(result, result, a, mod);
    }
    memcpy(out, result, sizeof(Number));
}

static void doubled(Point *out, const Point *p) {
    Number zz, a, b, m, s, t, yy;
    times(zz, p->z, p->z, &P);
    minus(a, p->x, zz, &P), plus(b, p->x, zz, &P), times(a, a, b, &P);
    plus(m, a, a, &P), plus(m, m, a, &P); /* 3(x - z²)(x + z²), for the curve's a is -3 */
    times(yy, p->y, p->y, &P);
    times(s, p->x, yy, &P), plus(s, s, s, &P), plus(s, s, s, &P);
    times(t, p->y, p->z, &P), plus(out->z, t, t, &P);
    times(t, m, m, &P), minus(t, t, s, &P), minus(t, t, s, &P);
    times(yy, yy, yy, &P);
    for (int i = 0; i < 3; i++) plus(yy, yy, yy, &P);
    minus(s, s, t, &P), times(s, m, s, &P), minus(out->y, s, yy, &P);
    memcpy(out->x, t, sizeof(Number));
}

static void added(Point *out, const Point *p, const Point *q) {
    Number zz1, zz2, u1, u2, s1, s2, h, r, hh, hhh, v;
    if (is_zero(p->z)) { *out = *q; return; }
    if (is_zero(q->z)) { *out = *p; return; }
    times(zz1, p->z, p->z, &P), times(zz2, q->z, q->z, &P);
    times(u1, p->x, zz2, &P), times(u2, q->x, zz1, &P);
    times(s1, p->y, zz2, &P), times(s1, s1, q->z, &P);
    times(s2, q->y, zz1, &P), times(s2, s2, p->z, &P);
    minus(h, u2, u1, &P), minus(r, s2, s1, &P);
    if (is_zero(h)) {
        if (is_zero(r)) doubled(out, p); else memset(out, 0, sizeof *out);
        return;
    }
    times(hh, h, h, &P), times(hhh, hh, h, &P), times(v, u1, hh, &P);
    times(out->z, p->z, q->z, &P), times(out->z, out->z, h, &P);
    times(out->x, r, r, &P), minus(out->x, out->x, hhh, &P), minus(out->x, out->x, v, &P), minus(out->x, out->x, v, &P);
    minus(v, v, out->x, &P), times(v, v, r, &P), times(s1, s1, hhh, &P), minus(out->y, v, s1, &P);
}

static void from_bytes(Number out, const uint8_t bytes[32]) {
    for (int i = 0; i < 4; i++) {
        out[3 - i] = 0;
        for (int j = 0; j < 8; j++) out[3 - i] = out[3 - i] << 8 | bytes[8 * i + j];
    }
}

static void to_bytes(uint8_t bytes[32], const Number a) {
    for (int i = 0; i < 32; i++) bytes[i] = (uint8_t)(a[3 - i / 8] >> (56 - 8 * (i % 8)));
}

/* k times the base point, as plain x and y. */
static void base_times(const Number k, Number x, Number y) {
    Point base, sum, next;
    Number inverse, square;
    into(base.x, GX, &P), into(base.y, GY, &P), into(base.z, ONE, &P);
    memset(&sum, 0, sizeof sum);
    for (int bit = 255; bit >= 0; bit--) {
        doubled(&next, &sum), sum = next;
        if (k[bit / 64] >> bit % 64 & 1) added(&next, &sum, &base), sum = next;
    }
    inverted(inverse, sum.z, &P), times(square, inverse, inverse, &P);
    times(sum.x, sum.x, square, &P), out_of(x, sum.x, &P);
    times(square, square, inverse, &P), times(sum.y, sum.y, square, &P), out_of(y, sum.y, &P);
}

static void sm2_public(const uint8_t key[32], uint8_t x[32], uint8_t y[32]) {
    Number d, px, py;
    from_bytes(d, key), base_times(d, px, py), to_bytes(x, px), to_bytes(y, py);
}

/* s = (k - r d) / (1 + d), r = e + x(kG) */
static void sm2_sign(const uint8_t key[32], const uint8_t digest[32], uint8_t r_out[32], uint8_t s_out[32]) {
    Number d, e, k, x, y, r, s = {0}, t;
    uint8_t random[32];
    from_bytes(d, key), from_bytes(e, digest);
    do {
        do {
            if (getrandom(random, sizeof random, 0) != sizeof random) memset(random, 0, sizeof random);
            from_bytes(k, random);
        } while (is_zero(k) || !below(k, N.m));
        base_times(k, x, y);
        if (!below(e, N.m)) subtract(e, e, N.m);
        if (!below(x, N.m)) subtract(x, x, N.m);
        plus(r, e, x, &N), plus(t, r, k, &N);
        if (is_zero(r) || is_zero(t)) continue;
        Number dm, km, rm;
        into(dm, d, &N), into(km, k, &N), into(rm, r, &N);
        times(s, rm, dm, &N), minus(s, km, s, &N);
        into(t, ONE, &N), plus(t, t, dm, &N), inverted(t, t, &N), times(s, s, t, &N), out_of(s, s, &N);
    } while (is_zero(r) || is_zero(s));
    to_bytes(r_out, r), to_bytes(s_out, s);
}

static void prepare(Modulus *mod) {
    mod->inverse = 1;
    for (int i = 0; i < 6; i++) mod->inverse *= 2 - mod->m[0] * mod->inverse;
    mod->inverse = -mod->inverse;
    Number power = {1, 0, 0, 0};
    for (int i = 0; i < 512; i++) plus(power, power, power, mod);
    memcpy(mod->square, power, sizeof(Number));
}

__attribute__((constructor)) static void prepare_both(void) { prepare(&P), prepare(&N); }

#endif
