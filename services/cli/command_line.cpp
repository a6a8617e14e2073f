// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/cli/command_line.hpp>

#include <services/cli/output.hpp>
#include <services/cli/usage_text.hpp>

#include <cstdlib>
#include <iostream>
#include <memory>

namespace stadtgdi::cli {

namespace {

using base::Language;
using base::Text;

/// Before the arguments are read, since --help is in that language too.
Language find_language(const std::vector<std::string>& arguments)
{
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (arguments[i] == "--language" && i + 1 < arguments.size())
            return base::language_of(arguments[i + 1]);
        if (arguments[i].starts_with("--language="))
            return base::language_of(arguments[i].substr(11));
    }
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
        if (const char* value = std::getenv(name); value && *value)
            return base::language_of(value);
    return Language::en;
}

void translate_labels(CLI::App& app, Language language)
{
    if (language != Language::de)
        return;
    const auto formatter = std::make_shared<CLI::Formatter>();
    for (const auto& [en, de] : {std::pair{"Usage", "Aufruf"}, std::pair{"OPTIONS", "OPTIONEN"}, std::pair{"Options", "Optionen"}, std::pair{"Positionals", "Argumente"},
                                 std::pair{"SUBCOMMAND", "BEFEHL"}, std::pair{"SUBCOMMANDS", "BEFEHLE"}, std::pair{"Subcommands", "Befehle"},
                                 std::pair{"REQUIRED", "NÖTIG"}, std::pair{"TEXT", "TEXT"}, std::pair{"INT", "ZAHL"}, std::pair{"FLOAT", "ZAHL"}})
        formatter->label(en, de);
    app.formatter(formatter);
}

/// The words of the call that are no options: commands, and what should have been one.
std::vector<std::string> words_of(const Call& call)
{
    std::vector<std::string> words;
    for (std::size_t i = 0; i < call.arguments.size(); ++i) {
        if (call.arguments[i] == "--language")
            ++i;
        else if (!call.arguments[i].starts_with('-'))
            words.push_back(call.arguments[i]);
    }
    return words;
}

int usage_error(const CLI::ParseError& error, const CLI::App& app, const Call& call)
{
    std::string name;
    const CLI::App* deepest = &app;
    std::size_t depth = 0;
    for (; !deepest->get_subcommands().empty(); ++depth) {
        deepest = deepest->get_subcommands().front();
        name += (depth > 0 ? " " : "") + deepest->get_name();
    }
    Text text = text_of(error, call.arguments);
    const bool has_commands = !deepest->get_subcommands([](const CLI::App*) { return true; }).empty();
    if (const auto words = words_of(call); has_commands && words.size() > depth)
        text = base::filled({"There is no command '{0}'.", "Den Befehl '{0}' gibt es nicht."}, (name.empty() ? "" : name + " ") + words[depth]);
    report(Error(ErrorKind::invalid_argument, text), call);
    if (!call.json)
        std::cerr << call.text({"See ", "Siehe "}) << app.get_name() << (name.empty() ? "" : " " + name) << (call.operation.empty() ? "" : " " + call.operation) << " --help\n";
    return exit_usage;
}

}  // namespace

void add_common_options(CLI::App& app, Call& call)
{
    app.add_flag("--json", call.json, call.text({"Results as JSON for programs", "Ergebnisse als JSON für Programme"}));
    app.add_flag("--quiet,-q", call.quiet, call.text({"No progress, no summary", "Kein Fortschritt, keine Zusammenfassung"}));
    // Found before already; here so that it is known and checked.
    app.add_option_function<std::string>("--language", [](const std::string&) {}, call.text({"Language of messages: de or en", "Sprache der Meldungen: de oder en"}))
        ->check(CLI::IsMember({"de", "en"}));
}

CLI::App* add_subcommand(CLI::App& app, Call& call, const std::string& name, const Text& what)
{
    CLI::App* command = app.add_subcommand(name, call.text(what))->group(call.text({"Commands", "Befehle"}));
    if (CLI::Option* help = command->get_help_ptr())
        help->group(call.text({"Options", "Optionen"}));   // made before the defaults of the options
    add_common_options(*command, call);
    return command;
}

int report(const Error& error, const Call& call)
{
    const std::string& message = call.text(error.message());
    if (call.json)
        std::cerr << dumped({{"error", {{"kind", std::string(base::name_of(error.kind()))}, {"message", message}}}}) << "\n";
    else if (error.kind() == ErrorKind::cancelled)
        std::cerr << call.text({"Stopped.", "Abgebrochen."}) << "\n";
    else
        std::cerr << call.text({"Error: ", "Fehler: "}) << message << "\n";
    return exit_code_of(error.kind());
}

namespace {

int parse_and_run(int argc, char** argv, const Text& what, std::span<const AddCommand> commands, Call& call)
{
    call.arguments.assign(argv + 1, argv + argc);
    call.language = find_language(call.arguments);
    CLI::App app(call.text(what), "stadtgdi");
    translate_labels(app, call.language);
    app.option_defaults()->group(call.text({"Options", "Optionen"}));
    app.set_help_flag("-h,--help", call.text({"This help", "Diese Hilfe"}));
    app.footer(call.text(exit_code_help()));
    add_common_options(app, call);
    app.set_version_flag("--version", "stadtgdi " STADTGDI_VERSION, call.text({"Version", "Version"}));
    app.require_subcommand(1);
    for (const AddCommand add : commands)
        add(app, call);
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& wish) {   // --help, --version
        return app.exit(wish);
    } catch (const CLI::ParseError& error) {
        if (argc == 1) {
            std::cout << app.help();
            return exit_usage;
        }
        return usage_error(error, app, call);
    } catch (const Error& error) {
        return report(error, call);
    } catch (const std::bad_alloc&) {
        return report(Error(ErrorKind::internal, {"Not enough memory.", "Der Speicher reicht nicht."}), call);
    } catch (const std::exception& error) {
        return report(Error(ErrorKind::internal, base::filled({"Internal error: {0}", "Interner Fehler: {0}"}, error.what())), call);
    }
    return call.exit_code;
}

}  // namespace

int run_command(int argc, char** argv, const Text& what, std::span<const AddCommand> commands)
{
    Call call;
    const int code = parse_and_run(argc, argv, what, commands, call);
    // A full disk behind "> FILE" shows only here.
    if (std::cout.flush())
        return code;
    const int failure = report(Error(ErrorKind::io, {"The output could not be written in full.", "Die Ausgabe ließ sich nicht vollständig schreiben."}), call);
    return code == exit_ok ? failure : code;
}

}  // namespace stadtgdi::cli
