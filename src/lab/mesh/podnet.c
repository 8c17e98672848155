// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0

// Preloaded into every process that runs in a pod of the practice range. Gives it what a network namespace would: the
// pod's source address, the cluster's names, and no way out of the range. It keeps honest programs inside; it is no wall
// against hostile ones.
//
//   CATAMARAN_POD_IP         source address of outgoing connections
//   CATAMARAN_POD_LOCALHOST  what 127.0.0.1 means inside the pod
//   CATAMARAN_POD_RANGE      first and last second part of the addresses that there is a way to, "20-21"
//   CATAMARAN_POD_NAMESPACE  for short names
//   CATAMARAN_POD_PROXIED    set where the pod's sidecar takes what is sent to a gateway
//   CATAMARAN_POD_HOSTS      file of "address full.name" lines; read for every look-up, replaced as a whole
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define EXPORTED __attribute__((visibility("default")))
#define LOWEST_OPEN_PORT 1024
#define PORT_OFFSET 20000
#define GATEWAYS 3 /* third part of their addresses */
#define GATEWAY_PORT 15443
#define PASS_THROUGH_PORT 15001

typedef int (*ConnectFunction)(int, const struct sockaddr *, socklen_t);
typedef int (*BindFunction)(int, const struct sockaddr *, socklen_t);
typedef int (*PeerFunction)(int, struct sockaddr *, socklen_t *);
typedef ssize_t (*SendToFunction)(int, const void *, size_t, int, const struct sockaddr *, socklen_t);
typedef int (*LookupFunction)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

static void *next(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

static in_addr_t address_of(const char *variable)
{
    struct in_addr address;
    const char *text = getenv(variable);
    return text && inet_pton(AF_INET, text, &address) == 1 ? address.s_addr : 0;
}

static int second_part(in_addr_t address)
{
    return (int)(ntohl(address) >> 16 & 0xff);
}

/* Whether an address is one of the range's. */
static int is_known(in_addr_t address)
{
    const char *text = getenv("CATAMARAN_POD_RANGE");
    int first = 0, last = -1;
    return ntohl(address) >> 24 == 127 && text && sscanf(text, "%d-%d", &first, &last) == 2 && second_part(address) >= first
        && second_part(address) <= last;
}

static int third_part(in_addr_t address)
{
    return (int)(ntohl(address) >> 8 & 0xff);
}

static in_port_t range_port(in_port_t port)
{
    const unsigned short number = ntohs(port);
    return number > 0 && number < LOWEST_OPEN_PORT ? htons((unsigned short)(number + PORT_OFFSET)) : port;
}

/* Rewrites a destination into the range; -1 with errno when there is no route to it. */
static int inside(struct sockaddr_in *to)
{
    const in_addr_t pod = address_of("CATAMARAN_POD_IP");
    const in_addr_t own = address_of("CATAMARAN_POD_LOCALHOST");
    const unsigned int host = ntohl(to->sin_addr.s_addr);
    if (!pod)
        return 0;
    if (host == INADDR_LOOPBACK || host == INADDR_ANY) {
        to->sin_addr.s_addr = own ? own : pod;
    } else if (!is_known(to->sin_addr.s_addr)) {
        errno = ENETUNREACH;
        return -1;
    } else if (third_part(to->sin_addr.s_addr) >= 130 && to->sin_addr.s_addr != own) {
        /* Another pod's own loopback. */
        errno = ECONNREFUSED;
        return -1;
    }
    if (third_part(to->sin_addr.s_addr) == GATEWAYS && ntohs(to->sin_port) == GATEWAY_PORT && getenv("CATAMARAN_POD_PROXIED"))
        to->sin_port = htons(PASS_THROUGH_PORT);
    to->sin_port = range_port(to->sin_port);
    return 0;
}

EXPORTED int connect(int fd, const struct sockaddr *to, socklen_t length)
{
    static ConnectFunction real;
    if (!real)
        real = (ConnectFunction)next("connect");
    if (!to || to->sa_family == AF_UNIX || to->sa_family == AF_UNSPEC)
        return real(fd, to, length);
    if (to->sa_family != AF_INET || length < sizeof(struct sockaddr_in)) {
        errno = ENETUNREACH;
        return -1;
    }
    struct sockaddr_in there;
    memcpy(&there, to, sizeof there);
    if (inside(&there) != 0)
        return -1;

    struct sockaddr_in here;
    socklen_t size = sizeof here;
    memset(&here, 0, sizeof here);
    const in_addr_t own = address_of("CATAMARAN_POD_LOCALHOST");
    if (getsockname(fd, (struct sockaddr *)&here, &size) == 0 && here.sin_family == AF_INET && here.sin_addr.s_addr == htonl(INADDR_ANY)) {
        static BindFunction realBind;
        if (!realBind)
            realBind = (BindFunction)next("bind");
        const int on = 1;
        setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
        here.sin_addr.s_addr = there.sin_addr.s_addr == own ? own : address_of("CATAMARAN_POD_IP");
        if (here.sin_addr.s_addr && realBind(fd, (struct sockaddr *)&here, sizeof here) != 0)
            return -1;
    }
    return real(fd, (struct sockaddr *)&there, sizeof there);
}

EXPORTED int bind(int fd, const struct sockaddr *at, socklen_t length)
{
    static BindFunction real;
    if (!real)
        real = (BindFunction)next("bind");
    if (!at || at->sa_family == AF_UNIX || at->sa_family == AF_NETLINK)
        return real(fd, at, length);
    if (at->sa_family != AF_INET || length < sizeof(struct sockaddr_in)) {
        errno = EADDRNOTAVAIL;
        return -1;
    }
    struct sockaddr_in here;
    memcpy(&here, at, sizeof here);
    const in_addr_t pod = address_of("CATAMARAN_POD_IP");
    const in_addr_t own = address_of("CATAMARAN_POD_LOCALHOST");
    const unsigned int host = ntohl(here.sin_addr.s_addr);
    if (pod && (host == INADDR_ANY || host == INADDR_LOOPBACK || here.sin_addr.s_addr == pod))
        here.sin_addr.s_addr = own ? own : pod;
    here.sin_port = range_port(here.sin_port);
    return real(fd, (struct sockaddr *)&here, sizeof here);
}

EXPORTED int getpeername(int fd, struct sockaddr *peer, socklen_t *length)
{
    static PeerFunction real;
    if (!real)
        real = (PeerFunction)next("getpeername");
    const int result = real(fd, peer, length);
    if (result == 0 && peer && peer->sa_family == AF_INET && *length >= sizeof(struct sockaddr_in)) {
        struct sockaddr_in *there = (struct sockaddr_in *)(void *)peer;
        const unsigned short port = ntohs(there->sin_port);
        if (port > PORT_OFFSET && port < PORT_OFFSET + LOWEST_OPEN_PORT)
            there->sin_port = htons((unsigned short)(port - PORT_OFFSET));
        else if (port == PASS_THROUGH_PORT && third_part(there->sin_addr.s_addr) == GATEWAYS)
            there->sin_port = htons(GATEWAY_PORT);
    }
    return result;
}

EXPORTED ssize_t sendto(int fd, const void *bytes, size_t size, int flags, const struct sockaddr *to, socklen_t length)
{
    static SendToFunction real;
    if (!real)
        real = (SendToFunction)next("sendto");
    if (!to || to->sa_family == AF_UNIX || to->sa_family == AF_NETLINK)
        return real(fd, bytes, size, flags, to, length);
    if (to->sa_family != AF_INET || length < sizeof(struct sockaddr_in)) {
        errno = ENETUNREACH;
        return -1;
    }
    struct sockaddr_in there;
    memcpy(&there, to, sizeof there);
    if (inside(&there) != 0)
        return -1;
    return real(fd, bytes, size, flags, (struct sockaddr *)&there, sizeof there);
}

/* Whether @p name, as a resolver with the pod's search list would try it, is @p full. */
static int means(const char *name, const char *full)
{
    char tried[512];
    const char *ns = getenv("CATAMARAN_POD_NAMESPACE");
    const size_t length = strlen(name);
    if (length > 0 && name[length - 1] == '.')
        return strlen(full) == length - 1 && strncasecmp(name, full, length - 1) == 0;
    if (strcasecmp(name, full) == 0)
        return 1;
    snprintf(tried, sizeof tried, "%s.%s.svc.cluster.local", name, ns ? ns : "default");
    if (strcasecmp(tried, full) == 0)
        return 1;
    snprintf(tried, sizeof tried, "%s.svc.cluster.local", name);
    if (strcasecmp(tried, full) == 0)
        return 1;
    snprintf(tried, sizeof tried, "%s.cluster.local", name);
    return strcasecmp(tried, full) == 0;
}

EXPORTED int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result)
{
    static LookupFunction real;
    if (!real)
        real = (LookupFunction)next("getaddrinfo");
    struct in_addr numeric;
    struct in6_addr numeric6;
    if (!node || inet_pton(AF_INET, node, &numeric) == 1 || inet_pton(AF_INET6, node, &numeric6) == 1)
        return real(node, service, hints, result);

    struct addrinfo wanted;
    memset(&wanted, 0, sizeof wanted);
    if (hints)
        wanted = *hints;
    if (wanted.ai_family == AF_INET6 || (wanted.ai_flags & AI_NUMERICHOST))
        return EAI_NONAME;
    wanted.ai_family = AF_INET;
    wanted.ai_flags = (wanted.ai_flags | AI_NUMERICHOST) & ~(AI_ADDRCONFIG | AI_V4MAPPED | AI_ALL);
    if (strcasecmp(node, "localhost") == 0)
        return real("127.0.0.1", service, &wanted, result);

    const char *path = getenv("CATAMARAN_POD_HOSTS");
    FILE *file = path ? fopen(path, "re") : NULL;
    if (!file)
        return EAI_AGAIN;
    struct addrinfo *first = NULL, *last = NULL;
    char line[1024], address[64], full[512];
    int error = EAI_NONAME;
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, "%63s %511s", address, full) != 2 || !means(node, full))
            continue;
        struct addrinfo *found = NULL;
        const int failed = real(address, service, &wanted, &found);
        if (failed) {
            error = failed;
            continue;
        }
        if (last)
            last->ai_next = found;
        else
            first = found;
        for (last = found; last->ai_next;)
            last = last->ai_next;
    }
    fclose(file);
    if (!first)
        return error;
    *result = first;
    return 0;
}
