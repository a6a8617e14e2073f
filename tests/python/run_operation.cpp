// SPDX-License-Identifier: GPL-2.0-or-later
// stadtgdi_run_operation ID OUTPUT NAME=VALUE ...: layers as files; prints the hash of one output.
#include <layers/io/source.hpp>
#include <layers/operation/operation.hpp>
#include <iostream>

using namespace stadtgdi;

int main(int count, char** arguments)
{
    try {
        if (count < 3) return 2;
        const operation::Operation& op = operation::find_operation(arguments[1]);
        const std::string output = arguments[2];
        base::RunContext run(1);
        operation::Inputs in;
        for (int i = 3; i < count; ++i) {
            const std::string text = arguments[i];
            const auto equals = text.find('=');
            const std::string name = text.substr(0, equals), value = text.substr(equals + 1);
            const operation::Parameter* parameter = op.find(name);
            if (parameter != nullptr && parameter->kind == operation::Kind::layer)
                in.tables[name] = io::Source::open(value)->read({}, run);
            else if (name == "outputs")
                in.wanted = {value};
            else
                in.values[name] = parameter == nullptr ? operation::Value(value) : operation::value_of(*parameter, value);
        }
        const operation::Results results = operation::run(op, std::move(in), run);
        std::cout << table::hash(results.tables.at(output)) << "\n";
        return 0;
    } catch (const Error& error) {
        std::cerr << error.message().en << "\n";
        return 1;
    }
}
