// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/cli/usage_text.hpp>

#include <layers/base/error.hpp>

#include <array>
#include <regex>

namespace stadtgdi::cli {

namespace {

using base::Text;

struct Reason {
    const char* pattern;   ///< of CLI11's words (Error.hpp, Validators.hpp)
    Text text;
};

/// The option's name is {0}, what follows as it stands in the pattern.
const std::array<Reason, 7>& reasons()
{
    static const std::array<Reason, 7> list{{
        {"(.+): Value (.*) not in range \\[?(.+?) (?:to|-) ([^\\]]+)\\]?", {"{0}: '{1}' is not between {2} and {3}.", "{0}: '{1}' liegt nicht zwischen {2} und {3}."}},
        {R"((.+): (.*) not in \{(.*)\})", {"{0}: '{1}' is none of {2}.", "{0}: '{1}' ist keiner der Werte {2}."}},
        {"Could not convert: (.+) = (.*)", {"{0}: '{1}' is no number.", "{0}: '{1}' ist keine Zahl."}},
        {"(.+): At least ([0-9]+) required but received ([0-9]+)", {"{0} needs {1} values, not {2}.", "{0} braucht {1} Werte, nicht {2}."}},
        {"(.+): At Most ([0-9]+) required but received ([0-9]+)", {"{0} takes {1} values, not {2}.", "{0} nimmt {1} Werte, nicht {2}."}},
        {"(.+): ([0-9]+) required (.+) missing", {"{0}: the value is missing.", "{0}: Der Wert fehlt."}},
        {"(.+): Should be true/false or a number", {"{0} takes no value.", "{0} nimmt keinen Wert."}},
    }};
    return list;
}

/// CLI11 names what it did not expect from the last to the first, " b --a".
std::string in_order(std::string backwards, const std::vector<std::string>& arguments)
{
    std::string names;
    for (const std::string& argument : arguments)
        if (const std::string word = " " + argument; backwards.ends_with(word)) {
            backwards.resize(backwards.size() - word.size());
            names += word;
        }
    return backwards + names;
}

}  // namespace

Text text_of(const CLI::ParseError& error, const std::vector<std::string>& arguments)
{
    const std::string what = error.what();
    if (dynamic_cast<const CLI::ExtrasError*>(&error)) {
        const std::string names = in_order(what.substr(what.find(':') == std::string::npos ? 0 : what.find(':') + 1), arguments);
        return {"Not understood:" + names + ".", "Nicht verstanden:" + names + "."};
    }
    if (dynamic_cast<const CLI::RequiredError*>(&error)) {
        const std::string missing = what.substr(0, what.find(" is required"));
        if (missing.find("subcommand") != std::string::npos || missing.find("Subcommand") != std::string::npos)
            return {"A command is missing.", "Es fehlt ein Befehl."};
        return {missing + " is missing.", missing + " fehlt."};
    }
    for (const Reason& reason : reasons()) {
        std::smatch found;
        if (!std::regex_match(what, found, std::regex(reason.pattern)))
            continue;
        return base::filled(reason.text, found[1].str(), found[2].str(), found[3].str(), found[4].str());
    }
    return {what + ".", "Ungültiger Wert: " + what + "."};
}

}  // namespace stadtgdi::cli
