// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/cli/exit_code.hpp>

namespace stadtgdi::cli {

int exit_code_of(base::ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::invalid_argument: return exit_usage;
    case ErrorKind::not_found:
    case ErrorKind::io: return exit_io;
    case ErrorKind::unsupported: return exit_unsupported;
    case ErrorKind::bad_data: return exit_findings;
    case ErrorKind::cancelled: return exit_stopped;
    case ErrorKind::internal: break;
    }
    return exit_internal;
}

base::Text exit_code_help()
{
    return {"Exit codes: 0 done; 1 rows or sources are wrong; 2 wrong arguments or settings; 3 a file, layer or address is\n"
            "missing or not usable; 4 not supported; 5 internal error; 130 stopped (Ctrl-C).",
            "Rückgabewerte: 0 erledigt; 1 Zeilen oder Quellen sind fehlerhaft; 2 falsche Argumente oder Einstellungen; 3 eine Datei,\n"
            "Ebene oder Adresse fehlt oder ist nicht nutzbar; 4 nicht unterstützt; 5 interner Fehler; 130 abgebrochen (Strg-C)."};
}

}  // namespace stadtgdi::cli
