// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/operation/operation.hpp>
#include <layers/crs/crs.hpp>
#include <layers/operation/detail/check.hpp>
#include <algorithm>

namespace stadtgdi::operation {

bool Inputs::has(const std::string& name) const
{
    if (tables.contains(name)) return true;
    const auto at = values.find(name);
    return at != values.end() && !std::holds_alternative<std::monostate>(at->second);
}

const table::Table& Inputs::table(const std::string& name) const
{
    const auto at = tables.find(name);
    if (at == tables.end())
        throw Error(ErrorKind::invalid_argument, base::filled({"Layer parameter '{0}' was not given.", "Der Layer-Parameter '{0}' fehlt."}, name));
    return at->second;
}

namespace {

template <class T> const T& value_in(const Inputs& inputs, const std::string& name)
{
    const auto at = inputs.values.find(name);
    if (at == inputs.values.end() || std::holds_alternative<std::monostate>(at->second))
        throw Error(ErrorKind::invalid_argument, base::filled({"Parameter '{0}' was not given.", "Der Parameter '{0}' fehlt."}, name));
    if (const T* value = std::get_if<T>(&at->second)) return *value;
    throw Error(ErrorKind::internal, base::filled({"Parameter '{0}' was read as another type than declared.",
                                                   "Der Parameter '{0}' wurde mit einem anderen Typ als vereinbart gelesen."}, name));
}

}  // namespace

double Inputs::number(const std::string& name) const { return value_in<double>(*this, name); }
std::int64_t Inputs::integer(const std::string& name) const { return value_in<std::int64_t>(*this, name); }
bool Inputs::boolean(const std::string& name) const { return value_in<bool>(*this, name); }
const std::string& Inputs::text(const std::string& name) const { return value_in<std::string>(*this, name); }
table::Box Inputs::extent(const std::string& name) const { return value_in<table::Box>(*this, name); }
bool Inputs::wants(const std::string& output) const { return std::find(wanted.begin(), wanted.end(), output) != wanted.end(); }

const table::Column* Inputs::column(const std::string& field_parameter, const std::string& layer_parameter) const
{
    if (!has(field_parameter) || !tables.contains(layer_parameter)) return nullptr;
    return table(layer_parameter).find(text(field_parameter));
}

const Parameter* Operation::find(std::string_view name) const
{
    const auto at = std::find_if(parameters.begin(), parameters.end(), [&](const Parameter& p) { return p.name == name; });
    return at == parameters.end() ? nullptr : &*at;
}

namespace {

/// Names that no parameter has are refused, so that a slip of the pen does not run with a default.
void refuse_unknown_names(const Operation& operation, const Inputs& inputs)
{
    const auto refuse = [&](const std::string& name) {
        std::vector<std::string> known;
        for (const Parameter& p : operation.parameters) known.push_back(p.name);
        throw Error(ErrorKind::invalid_argument,
                    base::filled({"{0} has no parameter '{1}'; it has: {2}.", "{0} hat keinen Parameter '{1}'; vorhanden: {2}."}, operation.id, name,
                                 detail::joined(known)));
    };
    for (const auto& [name, table] : inputs.tables) {
        const Parameter* parameter = operation.find(name);
        if (parameter == nullptr || parameter->kind != Kind::layer) refuse(name);
    }
    for (const auto& [name, value] : inputs.values) {
        const Parameter* parameter = operation.find(name);
        if (parameter == nullptr) refuse(name);
        if (parameter->kind == Kind::layer && !std::holds_alternative<std::monostate>(value))
            detail::refuse(*parameter, detail::shown(value), {"a layer", "ein Layer"});
    }
    for (const std::string& name : inputs.wanted) {
        const auto is_it = [&](const Output& output) { return output.name == name; };
        if (std::none_of(operation.outputs.begin(), operation.outputs.end(), is_it))
            throw Error(ErrorKind::invalid_argument, base::filled({"{0} has no output '{1}'.", "{0} hat kein Ergebnis '{1}'."}, operation.id, name));
    }
}

/// Fills in the default. A default field name that the layer lacks counts as not given where the parameter is optional.
Value given_or_fallback(const Parameter& parameter, const Inputs& inputs)
{
    const auto at = inputs.values.find(parameter.name);
    if (at != inputs.values.end() && !std::holds_alternative<std::monostate>(at->second)) return at->second;
    if (parameter.kind == Kind::field && parameter.optional && std::holds_alternative<std::string>(parameter.fallback)) {
        const auto layer = inputs.tables.find(parameter.of);
        if (layer == inputs.tables.end() || layer->second.find(std::get<std::string>(parameter.fallback)) == nullptr) return {};
    }
    return parameter.fallback;
}

}  // namespace

Inputs checked(const Operation& operation, Inputs inputs)
{
    refuse_unknown_names(operation, inputs);
    for (const Parameter& parameter : operation.parameters) {
        if (parameter.kind != Kind::layer) continue;
        const auto at = inputs.tables.find(parameter.name);
        if (at != inputs.tables.end())
            at->second = detail::checked_layer(parameter, std::move(at->second));
        else if (!parameter.optional)
            detail::refuse_missing(operation, parameter);
    }
    for (const Parameter& parameter : operation.parameters) {
        if (parameter.kind == Kind::layer) continue;
        Value value = given_or_fallback(parameter, inputs);
        if (std::holds_alternative<std::monostate>(value)) {
            if (!parameter.optional) detail::refuse_missing(operation, parameter);
            inputs.values.erase(parameter.name);
            continue;
        }
        inputs.values[parameter.name] = detail::checked_value(parameter, std::move(value), inputs);
    }
    if (operation.check_more) operation.check_more(inputs);
    return inputs;
}

Results run(const Operation& operation, Inputs inputs, base::RunContext& context)
{
    const Inputs good = checked(operation, std::move(inputs));
    context.throw_if_stopped();
    Results results = operation.run(good, context);
    for (base::Finding& finding : context.take_findings()) results.findings.push_back(std::move(finding));
    return results;
}

}  // namespace stadtgdi::operation
