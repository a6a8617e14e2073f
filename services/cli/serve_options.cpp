// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/cli/serve_options.hpp>

#include <services/access/digest.hpp>
#include <services/access/password.hpp>
#include <services/cli/output.hpp>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <termios.h>
#include <unistd.h>

namespace stadtgdi::cli {

namespace {

void print_new_key(const Call& call)
{
    const std::string key = access::new_key();
    const std::string digest = access::sha256_hex(key);
    if (call.json)
        std::cout << dumped({{"key", key}, {"sha256", digest}}) << "\n";
    else
        std::cout << call.text({"Key (give it to its user, it is stored nowhere): ", "Schlüssel (an die nutzende Stelle geben, er wird nirgends gespeichert): "}) << key << "\n\n"
                  << call.text({"For the settings:", "Für die Einstellungen:"}) << "\n\n[[access.keys]]\nname = \"\"\nsha256 = \"" << digest << "\"\nroles = []\n";
}

/// While it lives, what is typed is not shown; nothing where the input is no terminal.
class NoEcho {
public:
    NoEcho()
    {
        m_terminal = tcgetattr(STDIN_FILENO, &m_before) == 0;
        termios quiet = m_before;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        if (m_terminal)
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    ~NoEcho()
    {
        if (m_terminal)
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before);
    }
    NoEcho(const NoEcho&) = delete;
    NoEcho& operator=(const NoEcho&) = delete;
    bool terminal() const { return m_terminal; }

private:
    bool m_terminal = false;
    termios m_before{};
};

/// The password is one line of the standard input, so that it stands in no list of processes and in no history.
void print_new_user(const Call& call)
{
    std::string password;
    {
        const NoEcho quiet;
        if (quiet.terminal())
            std::cerr << call.text({"Password: ", "Passwort: "}) << std::flush;
        std::getline(std::cin, password);
        if (quiet.terminal())
            std::cerr << std::endl;
    }
    const std::string hash = access::password_hash(password);
    if (call.json)
        std::cout << dumped({{"bcrypt", hash}}) << "\n";
    else
        std::cout << call.text({"For the settings:", "Für die Einstellungen:"}) << "\n\n[[access.users]]\nname = \"\"\nbcrypt = \"" << hash << "\"\nroles = []\n";
}

void check_projects(const std::vector<store::ProjectFile>& projects)
{
    if (projects.empty())
        throw Error(ErrorKind::invalid_argument, {"A project to serve is missing (FILE.qgz, or [[projects]] in the settings).",
                                                  "Es fehlt ein Projekt (DATEI.qgz, oder [[projects]] in den Einstellungen)."});
    // One that is missing takes no other down: it is served as soon as it is there.
    if (std::ranges::none_of(projects, [](const store::ProjectFile& project) { return std::filesystem::exists(project.path); }))
        throw Error(ErrorKind::not_found, base::filled({"The project '{0}' does not exist.", "Das Projekt '{0}' gibt es nicht."}, projects.front().path));
    for (const auto& [project, id] : projects) {
        if (project.ends_with(".gpkg"))
            throw Error(ErrorKind::invalid_argument, base::filled({"'{0}' is a GeoPackage; make its project first: stadtgdi project {0} --out FILE.qgz",
                                                                   "'{0}' ist ein GeoPackage; bitte erst das Projekt schreiben: stadtgdi project {0} --out DATEI.qgz"}, project));
        if (!(project.ends_with(".qgz") || project.ends_with(".qgs")) || std::filesystem::is_directory(project))
            throw Error(ErrorKind::invalid_argument, base::filled({"'{0}' is no QGIS project (FILE.qgz or FILE.qgs).", "'{0}' ist kein QGIS-Projekt (DATEI.qgz oder DATEI.qgs)."}, project));
    }
}

}  // namespace

server::Settings settings_of(const ServeArguments& arguments)
{
    server::Settings settings = arguments.settings.empty() ? server::Settings{} : server::read_settings(arguments.settings);
    if (!arguments.listen.empty())
        server::set_listen(settings.listener, arguments.listen);
    for (const std::string& path : arguments.projects)
        settings.store.projects.push_back({path});
    return settings;
}

void add_serve_command(CLI::App& app, Call& call, void (*work)(const ServeArguments&, Call&))
{
    CLI::App* command = add_subcommand(app, call, "serve",
                                       {"Serves QGIS projects: maps, WMS, WFS and OGC API Features. Ctrl-C ends it, SIGHUP reads settings and projects anew.",
                                        "Stellt QGIS-Projekte bereit: Karten, WMS, WFS und OGC API Features. Strg-C beendet, SIGHUP liest Einstellungen und Projekte neu."});
    const auto arguments = std::make_shared<ServeArguments>();   // shared with the callback, which outlives this function
    command->add_option("FILE", arguments->projects, call.text({"Projects, .qgz or .qgs", "Projekte, .qgz oder .qgs"}));
    command->add_option("--listen", arguments->listen,
                        call.text({"HOST:PORT (default 127.0.0.1:8080; 0.0.0.0:8080 for every network)", "HOST:PORT (Vorgabe 127.0.0.1:8080; 0.0.0.0:8080 für alle Netze)"}));
    command->add_option("--settings", arguments->settings, call.text({"Settings file (TOML), see docs/security.md", "Einstellungsdatei (TOML), siehe docs/security.md"}));
    command->add_flag("--new-key", arguments->new_key,
                      call.text({"Only prints a new key and its SHA-256 for the settings", "Gibt nur einen neuen Schlüssel und sein SHA-256 für die Einstellungen aus"}));
    command->add_flag("--new-user", arguments->new_user,
                      call.text({"Only reads a password from the standard input and prints its bcrypt hash for the settings",
                                 "Liest nur ein Passwort von der Standardeingabe und gibt seinen bcrypt-Hash für die Einstellungen aus"}));
    command->add_flag("--no-parent", arguments->no_parent,
                      call.text({"One process, without the parent that restarts a crashed one", "Ein Prozess, ohne den Elternprozess, der einen abgestürzten ersetzt"}));
    command->add_option("--worker-link", arguments->worker_link)->group("");   // hidden: between parent and worker
    command->callback([arguments, &call, work] {
        if (arguments->new_key)
            return print_new_key(call);
        if (arguments->new_user)
            return print_new_user(call);
        if (arguments->worker_link.empty())   // a worker that replaces another serves what is there
            check_projects(settings_of(*arguments).store.projects);
        work(*arguments, call);
    });
}

}  // namespace stadtgdi::cli
