const unsigned char *copenapi_bytes(void);
unsigned long copenapi_count(void);
