#include "copenapi.h"
#pragma clang diagnostic ignored "-Wc23-extensions"
static const unsigned char bytes[] = {
#embed "../../openapi.yaml"
};
const unsigned char *copenapi_bytes(void) { return bytes; }
unsigned long copenapi_count(void) { return sizeof bytes; }
