/*
 * A cryptographic device in software that speaks GM/T 0018-2012, for tests alone: its keys follow from numbers that
 * anybody can compute. SM2 is in sm2.h, SM3 and SM4 are in sm3_sm4.h.
 *
 * The file named by SOFT_SDF is what a vendor's tool would have prepared: a line "index code" for each key pair. The
 * private key at an index follows from index and code, so that a new code means a new key. KEK 1 is always there.
 *
 * soft_sdf_act(words) makes it act broken until it is called with "":
 *   locked              no right to a private key is given
 *   removed             every call says that the device does not answer
 *   hang                calls do not come back before the words change
 *   slow N              every call takes N ms more
 *   fail NAME …         the functions named fail
 *   reply WHAT          a reply is wrong: see reply_is() below
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "sm2.h"
#include "sm3_sm4.h"

#define SDR_OK 0
#define SDR(code) (0x01000000 + (code))
enum { NOTSUPPORT = 2, COMMFAIL = 3, OPENSESSION = 6, PARDENY = 7, KEYNOTEXIST = 8, ALGNOTSUPPORT = 9, SKOPERR = 12,
       SYMOPERR = 15, KEYERR = 21, PRKRERR = 24, INARGERR = 29 };
enum { SM4_ECB = 0x401, SM4_CBC = 0x402, MOST_KEYS = 1024 };

typedef unsigned char BYTE;
typedef struct { unsigned bits; BYTE x[64], y[64]; } ECCrefPublicKey;
typedef struct { BYTE r[64], s[64]; } ECCSignature;
typedef struct {
    BYTE issuer[40], name[16], serial[16];
    unsigned version, standard, asymmetric[2], symmetric, hash, buffer;
} DEVICEINFO;
typedef struct { BYTE granted[MOST_KEYS]; } Session;
typedef struct { BYTE key[16]; } Key;

static char acting[64];
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;

void soft_sdf_act(const char *words) {
    pthread_mutex_lock(&guard);
    snprintf(acting, sizeof acting, "%s", words);
    pthread_mutex_unlock(&guard);
}

static void words_now(char *out) {
    pthread_mutex_lock(&guard);
    memcpy(out, acting, sizeof acting);
    pthread_mutex_unlock(&guard);
}

static int reply_is(const char *what) {
    char words[64];
    words_now(words);
    return strncmp(words, "reply ", 6) == 0 && strcmp(words + 6, what) == 0;
}

/* What every call does first: the fault that it was told to have, or 0. */
static int fault(const char *function) {
    char words[64];
    words_now(words);
    while (strcmp(words, "hang") == 0) {
        usleep(5000);
        words_now(words);
    }
    if (strncmp(words, "slow ", 5) == 0) usleep(1000 * (unsigned)atoi(words + 5));
    if (strcmp(words, "removed") == 0) return SDR(COMMFAIL);
    if (strncmp(words, "fail ", 5) == 0 && strstr(words, function)) return SDR(SKOPERR);
    return SDR_OK;
}
#define ENTER() do { int code_ = fault(__func__); if (code_) return code_; } while (0)

/* The code of the key pair at an index; 0 where none was prepared. */
static int prepared(unsigned index, char code[128]) {
    const char *path = getenv("SOFT_SDF");
    FILE *file = path ? fopen(path, "r") : NULL;
    unsigned found = 0;
    if (!file) return 0;
    while (fscanf(file, "%u %127s", &found, code) == 2 && found != index) found = 0;
    fclose(file);
    return found == index && index < MOST_KEYS;
}

static void private_key(unsigned index, const char *code, BYTE key[32]) {
    char text[192];
    int length = snprintf(text, sizeof text, "soft sdf %u %s", index, code);
    sm3((BYTE *)text, (size_t)length, key);
    key[0] &= 0x7f; /* below the order, and never 0 but by a miracle */
}

int SDF_OpenDevice(void **device) {
    ENTER();
    *device = malloc(1);
    return SDR_OK;
}

int SDF_CloseDevice(void *device) {
    ENTER();
    free(device);
    return SDR_OK;
}

int SDF_OpenSession(void *device, void **session) {
    ENTER();
    if (!device) return SDR(OPENSESSION);
    *session = calloc(1, sizeof(Session));
    return SDR_OK;
}

int SDF_CloseSession(void *session) {
    ENTER();
    free(session);
    return SDR_OK;
}

int SDF_GetDeviceInfo(void *session, DEVICEINFO *info) {
    ENTER();
    (void)session;
    memset(info, 0, sizeof *info);
    memcpy(info->issuer, "Yichuan tests", 13);
    memcpy(info->name, "soft SDF", 8);
    memcpy(info->serial, "2026112200000001", 16);
    if (reply_is("info")) memset(info, 0xff, sizeof *info);
    return SDR_OK;
}

int SDF_GetPrivateKeyAccessRight(Session *session, unsigned index, BYTE *password, unsigned length) {
    char code[128], words[64];
    ENTER();
    words_now(words);
    if (!prepared(index, code)) return SDR(KEYNOTEXIST);
    if (strcmp(words, "locked") == 0) return SDR(PRKRERR);
    if (strlen(code) != length || memcmp(code, password, length)) return SDR(PRKRERR);
    session->granted[index] = 1;
    return SDR_OK;
}

int SDF_ReleasePrivateKeyAccessRight(Session *session, unsigned index) {
    ENTER();
    if (index < MOST_KEYS) session->granted[index] = 0;
    return SDR_OK;
}

int SDF_ExportSignPublicKey_ECC(void *session, unsigned index, ECCrefPublicKey *out) {
    char code[128];
    BYTE key[32];
    ENTER();
    (void)session;
    if (!prepared(index, code)) return SDR(KEYNOTEXIST);
    private_key(index, code, key);
    memset(out, 0, sizeof *out);
    out->bits = 256;
    sm2_public(key, out->x + 32, out->y + 32);
    if (reply_is("point off the curve")) out->y[63] ^= 1;
    if (reply_is("point at infinity")) memset(out->x, 0, 128);
    if (reply_is("point too long")) out->x[0] = 1;
    if (reply_is("other bits")) out->bits = 0xffffffff;
    return SDR_OK;
}

int SDF_InternalSign_ECC(Session *session, unsigned index, BYTE *digest, unsigned length, ECCSignature *out) {
    char code[128];
    BYTE key[32];
    ENTER();
    if (length != 32) return SDR(INARGERR);
    if (!prepared(index, code)) return SDR(KEYNOTEXIST);
    if (!session->granted[index]) return SDR(PARDENY);
    private_key(index, code, key);
    memset(out, 0, sizeof *out);
    sm2_sign(key, digest, out->r + 32, out->s + 32);
    if (reply_is("signature of another key")) private_key(index + 1, code, key), sm2_sign(key, digest, out->r + 32, out->s + 32);
    if (reply_is("r of zero")) memset(out->r, 0, 64);
    if (reply_is("s beyond the order")) memset(out->s + 32, 0xff, 32);
    if (reply_is("signature too long")) out->r[0] = 1;
    if (reply_is("no signature")) memset(out, 0, sizeof *out);
    return SDR_OK;
}

static void kek(BYTE key[16]) {
    BYTE digest[32];
    sm3((const BYTE *)"soft sdf kek", 12, digest);
    memcpy(key, digest, 16);
}

int SDF_ImportKeyWithKEK(void *session, unsigned algorithm, unsigned index, BYTE *sealed, unsigned length, void **handle) {
    BYTE under[16];
    Key *key;
    ENTER();
    (void)session;
    if (algorithm != SM4_ECB) return SDR(ALGNOTSUPPORT);
    if (index != 1) return SDR(KEYNOTEXIST);
    if (length != 16) return SDR(KEYERR);
    kek(under);
    key = malloc(sizeof *key);
    sm4(under, sealed, key->key, 1);
    *handle = key;
    return SDR_OK;
}

int SDF_GenerateKeyWithKEK(void *session, unsigned bits, unsigned algorithm, unsigned index, BYTE *out, unsigned *length, void **handle) {
    ENTER();
    if (bits != 128 || *length < 16) return SDR(INARGERR);
    if (getrandom(out, 16, 0) != 16) return SDR(SYMOPERR);
    *length = 16;
    int code = SDF_ImportKeyWithKEK(session, algorithm, index, out, 16, handle);
    if (reply_is("key too long")) *length = 0xffffffff;
    if (reply_is("empty key")) *length = 0;
    return code;
}

int SDF_DestroyKey(void *session, void *handle) {
    ENTER();
    (void)session;
    memset(handle, 0, sizeof(Key));
    free(handle);
    return SDR_OK;
}

int SDF_Encrypt(void *session, Key *key, unsigned algorithm, BYTE *iv, BYTE *data, unsigned length, BYTE *out, unsigned *out_length) {
    ENTER();
    (void)session;
    if (algorithm != SM4_ECB && algorithm != SM4_CBC) return SDR(ALGNOTSUPPORT);
    if (length % 16 || *out_length < length) return SDR(INARGERR);
    for (unsigned at = 0; at < length; at += 16) {
        BYTE block[16];
        for (int i = 0; i < 16; i++) block[i] = data[at + i] ^ (algorithm == SM4_CBC ? (at ? out[at - 16 + i] : iv[i]) : 0);
        sm4(key->key, block, out + at, 0);
    }
    *out_length = length;
    if (reply_is("less than was encrypted")) *out_length = length - 1;
    if (reply_is("more than was encrypted")) *out_length = 0xffffffff;
    return SDR_OK;
}
