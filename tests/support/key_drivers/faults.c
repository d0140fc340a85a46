/* A PKCS#11 library for tests: SoftHSM behind it, and faults in front.

   YICHUAN_TEST_PKCS11 names the library behind, YICHUAN_TEST_FAULT a file whose first word says what happens:
     slow      making, signing and (un)wrapping wait until the file is gone
     removed   every call but loading answers that the token is not there
     failing   making begins, and the step after it fails; signing and (un)wrapping fail
   Every function of Cryptoki 2.40 takes at most eight arguments of a word each, so one shape serves them all. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long word;
typedef word (*call)(word, word, word, word, word, word, word, word);
typedef struct { unsigned char version[2]; call calls[68]; } functions;

enum { OK = 0, DEVICE_ERROR = 0x30, DEVICE_REMOVED = 0x32, TOKEN_NOT_PRESENT = 0xE0 };
static functions *behind, front;

static char fault(void) {
    char letter = 0;
    const char *name = getenv("YICHUAN_TEST_FAULT");
    FILE *file = name ? fopen(name, "r") : NULL;
    if (!file) return 0;
    if (fread(&letter, 1, 1, file) != 1) letter = 0;
    fclose(file);
    return letter;
}

static int in(int number, const int *list) {
    for (; *list >= 0; list++) if (*list == number) return 1;
    return 0;
}

/* numbers are places in CK_FUNCTION_LIST */
static const int ALWAYS[] = {0, 1, 2, 3, 4, 5, -1};                 /* loading, and the list of slots */
static const int WORK[] = {30, 34, 43, 58, 59, 60, 61, -1};         /* Encrypt Decrypt Sign Generate* Wrap Unwrap */
static const int LATER_STEPS[] = {25, 30, 34, 43, 60, -1};          /* SetAttributeValue ... WrapKey */

static word answer(int number, word a, word b, word c, word d, word e, word f, word g, word h) {
    char what = fault();
    if (what == 'r' && number == 28) return OK; /* FindObjectsFinal: python-pkcs11 calls it where nobody can listen */
    if (what == 'r' && !in(number, ALWAYS)) return number == 6 ? TOKEN_NOT_PRESENT : DEVICE_REMOVED;
    if (what == 'f' && in(number, LATER_STEPS)) return DEVICE_ERROR;
    if (what == 's' && in(number, WORK)) while (fault() == 's') usleep(20000);
    return behind->calls[number](a, b, c, d, e, f, g, h);
}

#define F(n) static word f##n(word a, word b, word c, word d, word e, word f, word g, word h) \
    { return answer(n, a, b, c, d, e, f, g, h); }
#define TEN(t) F(t##0) F(t##1) F(t##2) F(t##3) F(t##4) F(t##5) F(t##6) F(t##7) F(t##8) F(t##9)
F(0) F(1) F(2) F(3) F(4) F(5) F(6) F(7) F(8) F(9)
TEN(1) TEN(2) TEN(3) TEN(4) TEN(5)
F(60) F(61) F(62) F(63) F(64) F(65) F(66) F(67)
#define N(t) f##t##0, f##t##1, f##t##2, f##t##3, f##t##4, f##t##5, f##t##6, f##t##7, f##t##8, f##t##9
static const call FRONT[68] = {f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, N(1), N(2), N(3), N(4), N(5),
                               f60, f61, f62, f63, f64, f65, f66, f67};

word C_GetFunctionList(functions **list) {
    if (!behind) {
        void *library = dlopen(getenv("YICHUAN_TEST_PKCS11"), RTLD_NOW | RTLD_LOCAL);
        word (*get)(functions **) = library ? (word (*)(functions **))dlsym(library, "C_GetFunctionList") : NULL;
        if (!get || get(&behind) != OK) return DEVICE_ERROR;
        memcpy(front.version, behind->version, sizeof front.version);
        memcpy(front.calls, FRONT, sizeof FRONT);
    }
    *list = &front;
    return OK;
}
