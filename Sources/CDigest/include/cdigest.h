// The compression function of SHA-256 by the processor's own instructions, which Swift can not call.
#ifndef THUISPUNT_CDIGEST_H
#define THUISPUNT_CDIGEST_H

#include <stddef.h>
#include <stdint.h>

/// Whether this processor has the instructions (CPUID.(EAX=07H,ECX=0):EBX.SHA[bit 29], and SSE4.1); 0 elsewhere.
int cdigest_has_sha256(void);

/// Takes `count` blocks of 64 bytes into the state, eight words in the order of FIPS 180-4 section 6.2. Only where
/// `cdigest_has_sha256` says so.
void cdigest_sha256(uint32_t state[8], const void *blocks, size_t count);

#endif
