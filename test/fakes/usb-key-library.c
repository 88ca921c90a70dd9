// A stand-in for a vendor's GM/T 0016 library. Its SM2 and SM4 are OpenSSL's, which share no code with the program under test.
// What is plugged in, and how it behaves, is read at every call from the folder in which the library lies:
//   keys         one name a line: the keys that are plugged in; NAME.pem is the SM2 private key of each
//   behaviour    empty, or: removed (after the PIN), crash (at the PIN), hang (at the PIN), unfit (no SM2 key), wide (64-bit sizes)
//   pin, tries   the PIN, and how many tries are left
//   calls        is written: one call a line; process: the process that the PIN was given to, and whether it may be dumped (prctl)
#define _GNU_SOURCE
#include <dlfcn.h>
#include <libgen.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define OK 0x00000000u
#define FAIL 0x0A000001u
#define INVALID 0x0A000006u
#define REMOVED 0x0A000023u
#define PIN_INCORRECT 0x0A000024u
#define PIN_LOCKED 0x0A000025u
#define NOT_LOGGED_IN 0x0A00002Du
#define NOT_EXIST 0x0A00002Eu

typedef uint32_t ULONG;
typedef uint8_t BYTE;
typedef void *HANDLE;
#pragma pack(push, 1)
typedef struct { ULONG BitLen; BYTE X[64]; BYTE Y[64]; } PUBLIC_KEY;
typedef struct { BYTE X[64]; BYTE Y[64]; BYTE Hash[32]; ULONG Length; BYTE Cipher[]; } CIPHER;
typedef struct { BYTE Iv[32]; ULONG IvLen; ULONG Padding; ULONG FeedBits; } BLOCK;
typedef struct { BYTE Major, Minor; char Manufacturer[64], Issuer[64], Label[32], Serial[32]; BYTE Rest[104]; } DEVINFO;
#pragma pack(pop)

static char plugged[8][32];
static int device_count;
static int is_verified;
static BYTE session_key[16];

// Handles are told apart by kind and by device: 0x1D device, 0x2D application, 0x3D container.
#define HANDLE_OF(kind, device) ((HANDLE)(uintptr_t)((kind) * 16 + (device)))
static int device_of(HANDLE handle, int kind) {
  uintptr_t value = (uintptr_t)handle;
  return value / 16 == (uintptr_t)kind && value % 16 < (uintptr_t)device_count ? (int)(value % 16) : -1;
}

static FILE *open_part(const char *name, const char *how) {
  Dl_info info;
  char library[1024], path[1100];
  dladdr((void *)&open_part, &info);
  snprintf(library, sizeof library, "%s", info.dli_fname);
  snprintf(path, sizeof path, "%s/%s", dirname(library), name);
  return fopen(path, how);
}

static void note(const char *call) {
  FILE *file = open_part("calls", "a");
  fprintf(file, "%s\n", call);
  fclose(file);
}

static void reads(const char *name, char *into, size_t size) {
  FILE *file = open_part(name, "r");
  into[0] = 0;
  if (file == NULL) return;
  if (fgets(into, (int)size, file) == NULL) into[0] = 0;
  fclose(file);
  into[strcspn(into, "\n")] = 0;
}

static int behaves(const char *how) {
  char text[32];
  reads("behaviour", text, sizeof text);
  return strcmp(text, how) == 0;
}

static void find_plugged(void) {
  FILE *file = open_part("keys", "r");
  device_count = 0;
  while (file != NULL && device_count < 8 && fgets(plugged[device_count], 32, file) != NULL) {
    plugged[device_count][strcspn(plugged[device_count], "\n")] = 0;
    if (plugged[device_count][0] != 0) device_count++;
  }
  if (file != NULL) fclose(file);
}

static EVP_PKEY *read_key(int device) {
  char name[64];
  snprintf(name, sizeof name, "%s.pem", plugged[device]);
  FILE *file = open_part(name, "r");
  if (file == NULL) return NULL;
  EVP_PKEY *key = PEM_read_PrivateKey(file, NULL, NULL, NULL);
  fclose(file);
  return key;
}

static ULONG give_list(const char *list, ULONG length, char *names, ULONG *size) {
  if (names != NULL && *size < length) return INVALID;
  if (names != NULL) memcpy(names, list, length);
  if (behaves("wide")) *(uint64_t *)size = length;
  else *size = length;
  return OK;
}

ULONG SKF_EnumDev(int present, char *names, ULONG *size) {
  char list[512];
  ULONG length = 0;
  (void)present;
  find_plugged();
  for (int at = 0; at < device_count; at++) length += (ULONG)sprintf(list + length, "%s", plugged[at]) + 1;
  list[length++] = 0;
  return give_list(list, length, names, size);
}
ULONG SKF_ConnectDev(const char *name, HANDLE *device) {
  note("SKF_ConnectDev");
  for (int at = 0; at < device_count; at++) {
    if (strcmp(name, plugged[at]) != 0) continue;
    *device = HANDLE_OF(1, at);
    return OK;
  }
  return INVALID;
}
ULONG SKF_DisConnectDev(HANDLE device) {
  note("SKF_DisConnectDev");
  return device_of(device, 1) < 0 ? INVALID : OK;
}
ULONG SKF_GetDevInfo(HANDLE device, DEVINFO *info) {
  int at = device_of(device, 1);
  if (at < 0) return INVALID;
  memset(info, 0, sizeof *info);
  snprintf(info->Label, sizeof info->Label, "Stub %s", plugged[at]);
  snprintf(info->Serial, sizeof info->Serial, "SN-%d", at + 1);
  return OK;
}
ULONG SKF_EnumApplication(HANDLE device, char *names, ULONG *size) {
  return device_of(device, 1) < 0 ? INVALID : give_list("GM\0", 4, names, size);
}
ULONG SKF_OpenApplication(HANDLE device, const char *name, HANDLE *application) {
  int at = device_of(device, 1);
  if (at < 0 || strcmp(name, "GM") != 0) return NOT_EXIST;
  *application = HANDLE_OF(2, at);
  return OK;
}
ULONG SKF_VerifyPIN(HANDLE application, ULONG type, const char *pin, ULONG *left) {
  char right[64], tries[16];
  if (device_of(application, 2) < 0 || type != 1) return INVALID;
  note("SKF_VerifyPIN");
  FILE *process = open_part("process", "w");
  if (process != NULL) { fprintf(process, "%d %d", (int)getpid(), prctl(PR_GET_DUMPABLE)); fclose(process); }
  if (behaves("crash")) abort();
  while (behaves("hang")) pause();
  reads("pin", right, sizeof right);
  reads("tries", tries, sizeof tries);
  int count = atoi(tries);
  *left = (ULONG)count;
  if (count == 0) return PIN_LOCKED;
  is_verified = strcmp(pin, right) == 0;
  count = is_verified ? 6 : count - 1;
  FILE *file = open_part("tries", "w");
  fprintf(file, "%d", count);
  fclose(file);
  *left = (ULONG)count;
  return is_verified ? OK : PIN_INCORRECT;
}
ULONG SKF_ClearSecureState(HANDLE application) {
  note("SKF_ClearSecureState");
  is_verified = 0;
  return device_of(application, 2) < 0 ? INVALID : OK;
}
ULONG SKF_EnumContainer(HANDLE application, char *names, ULONG *size) {
  return device_of(application, 2) < 0 ? INVALID : give_list("person\0", 8, names, size);
}
ULONG SKF_OpenContainer(HANDLE application, const char *name, HANDLE *container) {
  int at = device_of(application, 2);
  if (at < 0 || strcmp(name, "person") != 0) return NOT_EXIST;
  *container = HANDLE_OF(3, at);
  return OK;
}
ULONG SKF_ExportPublicKey(HANDLE container, int is_signing, BYTE *blob, ULONG *size) {
  BYTE point[65];
  size_t length = 0;
  int at = device_of(container, 3);
  if (at < 0 || is_signing || *size < sizeof(PUBLIC_KEY)) return INVALID;
  if (behaves("unfit")) return NOT_EXIST;
  EVP_PKEY *key = read_key(at);
  if (key == NULL || !EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point, &length) || length != 65) return FAIL;
  EVP_PKEY_free(key);
  PUBLIC_KEY out = { 256, {0}, {0} };
  memcpy(out.X + 32, point + 1, 32);
  memcpy(out.Y + 32, point + 33, 32);
  memcpy(blob, &out, sizeof out);
  *size = sizeof out;
  return OK;
}

static BYTE *put_integer(BYTE *at, const BYTE *value) {
  int skip = 0;
  while (skip < 31 && value[skip] == 0) skip++;
  int pad = value[skip] >> 7;
  *at++ = 0x02;
  *at++ = (BYTE)(32 - skip + pad);
  if (pad) *at++ = 0;
  memcpy(at, value + skip, (size_t)(32 - skip));
  return at + 32 - skip;
}

// The structure of GM/T 0016 as the SM2Cipher of GM/T 0009, which is what OpenSSL reads.
static size_t to_der(const CIPHER *blob, BYTE *out) {
  BYTE body[256], *at = body;
  at = put_integer(at, blob->X + 32);
  at = put_integer(at, blob->Y + 32);
  *at++ = 0x04, *at++ = 32;
  memcpy(at, blob->Hash, 32), at += 32;
  *at++ = 0x04, *at++ = (BYTE)blob->Length;
  memcpy(at, blob->Cipher, blob->Length), at += blob->Length;
  size_t length = (size_t)(at - body), head = 0;
  out[head++] = 0x30;
  if (length > 127) out[head++] = 0x81;
  out[head++] = (BYTE)length;
  memcpy(out + head, body, length);
  return head + length;
}

ULONG SKF_ImportSessionKey(HANDLE container, ULONG algorithm, const BYTE *wrapped, ULONG size, HANDLE *handle) {
  const CIPHER *blob = (const CIPHER *)wrapped;
  BYTE der[512];
  size_t length = sizeof session_key;
  int at = device_of(container, 3);
  note("SKF_ImportSessionKey");
  if (behaves("removed")) return REMOVED;
  if (at < 0 || algorithm != 0x401 || blob->Length != 16 || size != sizeof(CIPHER) + blob->Length) return INVALID;
  if (!is_verified) return NOT_LOGGED_IN;
  EVP_PKEY *key = read_key(at);
  EVP_PKEY_CTX *context = key == NULL ? NULL : EVP_PKEY_CTX_new(key, NULL);
  int is_open = context != NULL && EVP_PKEY_decrypt_init(context) > 0 && EVP_PKEY_decrypt(context, session_key, &length, der, to_der(blob, der)) > 0 && length == 16;
  EVP_PKEY_CTX_free(context);
  EVP_PKEY_free(key);
  *handle = (HANDLE)0x44;
  return is_open ? OK : FAIL;
}
ULONG SKF_DecryptInit(HANDLE handle, BLOCK parameters) {
  return handle == (HANDLE)0x44 && parameters.IvLen == 0 && parameters.Padding == 0 && parameters.FeedBits == 0 ? OK : INVALID;
}
ULONG SKF_Decrypt(HANDLE handle, const BYTE *data, ULONG size, BYTE *out, ULONG *out_size) {
  int length = 0;
  if (handle != (HANDLE)0x44 || size % 16 != 0 || *out_size < size) return INVALID;
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
  EVP_CIPHER *sm4 = EVP_CIPHER_fetch(NULL, "SM4-ECB", NULL);
  int is_open = EVP_DecryptInit_ex(context, sm4, NULL, session_key, NULL) && EVP_CIPHER_CTX_set_padding(context, 0) && EVP_DecryptUpdate(context, out, &length, data, (int)size);
  EVP_CIPHER_free(sm4);
  EVP_CIPHER_CTX_free(context);
  *out_size = (ULONG)length;
  return is_open ? OK : FAIL;
}
ULONG SKF_CloseHandle(HANDLE handle) {
  memset(session_key, 0, sizeof session_key);
  return handle == (HANDLE)0x44 ? OK : INVALID;
}
