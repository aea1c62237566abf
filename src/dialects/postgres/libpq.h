// What: libpq's functions, found when the first PostgreSQL connection is made.
// Why: linking libpq brings OpenSSL, Kerberos and LDAP along, 3.5 ms at every start, also for SQLite and --version.
// Must not know: connections. Thread rules: load() may be called from any thread.
#pragma once

#include <libpq-fe.h>

#include <string>

#include "base/result.h"

namespace bascule::dialects::postgres {

// clang-format off
#define BASCULE_LIBPQ_FUNCTIONS(X)                                                                                 \
  X(PQconnectdbParams)                                                                                             \
  X(PQfinish) X(PQstatus) X(PQerrorMessage) X(PQgetCancel) X(PQfreeCancel) X(PQcancel) X(PQsetNoticeReceiver)      \
      X(PQsetnonblocking) X(PQenterPipelineMode) X(PQexitPipelineMode) X(PQpipelineStatus) X(PQsendQueryParams)    \
          X(PQpipelineSync) X(PQsendQuery) X(PQexecParams) X(PQexec) X(PQgetResult) X(PQclear) X(PQresultStatus)   \
              X(PQresultErrorField) X(PQresultErrorMessage) X(PQntuples) X(PQnfields) X(PQfname) X(PQgetvalue)     \
                  X(PQgetisnull) X(PQgetlength) X(PQtransactionStatus) X(PQserverVersion) X(PQparameterStatus)     \
                      X(PQconndefaults) X(PQconninfoFree) X(PQflush) X(PQconsumeInput) X(PQsocket) X(PQputCopyEnd) \
                          X(PQputCopyData) X(PQisBusy) X(PQftype) X(PQcmdTuples)
// clang-format on

struct Libpq {
#define BASCULE_LIBPQ_MEMBER(name) decltype(&::name) name = nullptr;
  BASCULE_LIBPQ_FUNCTIONS(BASCULE_LIBPQ_MEMBER)
#undef BASCULE_LIBPQ_MEMBER

  /// The library, loaded once. Error: what is missing, in words.
  static Result<const Libpq*, std::string> load();
};

}  // namespace bascule::dialects::postgres
