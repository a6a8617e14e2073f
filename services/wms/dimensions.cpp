// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/wms/dimensions.hpp>

#include <services/ows/exception.hpp>
#include <services/ows/time_span.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <mutex>
#include <set>

namespace stadtgdi::wms {

using project::Dimension;

namespace {

constexpr std::size_t most_listed = 200;    // values in capabilities; more are told as an interval
constexpr std::size_t most_asked = 1000;    // values and intervals of one request
constexpr double microsecond = 1e-6;

/// Numbers of a row's dimension; times are seconds since 1970, which doubles hold to the microsecond.
struct Span {
    double from = 0, to = 0;
};

bool is_time(const Dimension& dimension, const table::Column& first)
{
    return first.type() == table::Type::date || first.type() == table::Type::datetime || dimension.name == "time" || dimension.name == "date";
}

std::optional<double> number_of(const table::Column& column, std::size_t row, bool time)
{
    if (!column.valid(row))
        return {};
    switch (column.type()) {
    case table::Type::date: return column.dates()[row] * 86400.0;
    case table::Type::datetime: return static_cast<double>(column.datetimes()[row]) * microsecond;
    case table::Type::int64: return static_cast<double>(column.ints()[row]);
    case table::Type::float64: return std::isfinite(column.doubles()[row]) ? std::optional(column.doubles()[row]) : std::nullopt;
    case table::Type::boolean: return column.bools()[row] != 0 ? 1.0 : 0.0;
    case table::Type::text: {
        const std::string text(column.text(row));
        std::int32_t days = 0;
        std::int64_t microseconds = 0;
        if (time && table::parse_date(text, days))
            return days * 86400.0;
        if (time && table::parse_datetime(text, microseconds))
            return static_cast<double>(microseconds) * microsecond;
        return {};
    }
    }
    return {};
}

/// The values of all rows; none for rows without one. Of a row with a beginning or an end alone the other side is open.
class Spans {
public:
    Spans(const store::Snapshot& rows, const Dimension& dimension, base::RunContext& run) : m_first(rows.table.column(dimension.field))
    {
        const table::Column* last = dimension.end_field.empty() ? nullptr : &rows.table.column(dimension.end_field);
        time = is_time(dimension, m_first);
        whole_days = m_first.type() == table::Type::date || m_first.type() == table::Type::text;
        by_text = m_first.type() == table::Type::text && !time;
        if (by_text)
            return;
        spans.resize(rows.table.rows());
        constexpr double open = std::numeric_limits<double>::infinity();
        for (std::size_t row = 0; row < spans.size(); ++row) {
            if (row % 65536 == 0)
                run.throw_if_stopped();
            const auto from = number_of(m_first, row, time);
            const auto to = last == nullptr ? from : number_of(*last, row, time);
            if (!from && !to)
                continue;
            spans[row] = Span{from.value_or(-open), to.value_or(open)};
            for (const auto& end : {from, to})
                if (end) {
                    least = std::min(least, *end);
                    greatest = std::max(greatest, *end);
                }
        }
    }

    const table::Column& texts() const { return m_first; }
    bool any() const { return least <= greatest; }
    std::string text_of(double value) const
    {
        if (!time)
            return table::number_text(value);
        if (whole_days && std::fmod(value, 86400.0) == 0)
            return table::date_text(static_cast<std::int32_t>(std::lround(value / 86400.0)));
        return table::datetime_text(std::llround(value / microsecond));
    }

    bool time = false, whole_days = false, by_text = false;
    std::vector<std::optional<Span>> spans;
    double least = std::numeric_limits<double>::infinity(), greatest = -std::numeric_limits<double>::infinity();

private:
    const table::Column& m_first;
};

double now_seconds()
{
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

[[noreturn]] void no_value(const Dimension& dimension, const std::string& text)
{
    const std::string parameter = parameter_of(dimension);
    throw ows::OwsException(ows::Code::invalid_dimension_value, parameter, base::filled({"{0} has '{1}', which is no value of this dimension.", "{0} enthält '{1}', das ist kein Wert dieser Dimension."}, parameter, text));
}

/// Years and months are no fixed number of seconds.
struct Period {
    int months = 0;
    double seconds = 0;
};

std::optional<Period> period_of(std::string_view text)
{
    constexpr int most_months = 120'000;
    if (text.size() < 3 || text.front() != 'P')
        return {};
    Period period;
    bool of_day = false;
    std::string number;
    for (const char c : text.substr(1)) {
        if (c == 'T' && number.empty() && !of_day) {
            of_day = true;
            continue;
        }
        if ((c >= '0' && c <= '9') || c == '.') {
            number += c;
            continue;
        }
        const auto value = ows::parse_number(number);
        number.clear();
        if (!value || *value < 0 || *value > 1e5)
            return {};
        if (!of_day && (c == 'Y' || c == 'M') && std::floor(*value) == *value)
            period.months += static_cast<int>(*value) * (c == 'Y' ? 12 : 1);
        else if (!of_day && c == 'W')
            period.seconds += *value * 7 * 86400;
        else if (!of_day && c == 'D')
            period.seconds += *value * 86400;
        else if (of_day && c == 'H')
            period.seconds += *value * 3600;
        else if (of_day && c == 'M')
            period.seconds += *value * 60;
        else if (of_day && c == 'S')
            period.seconds += *value;
        else
            return {};
        if (period.months > most_months)
            return {};
    }
    return number.empty() && (period.months > 0 || period.seconds > 0) ? std::optional(period) : std::nullopt;
}

double plus_months(double seconds, int months)
{
    using namespace std::chrono;
    const double day = std::floor(seconds / 86400);
    const year_month_day date{sys_days{days{static_cast<int>(day)}}};
    year_month_day later = date + std::chrono::months{months};
    if (!later.ok())
        later = later.year() / later.month() / last;
    return static_cast<double>(sys_days{later}.time_since_epoch().count()) * 86400 + (seconds - day * 86400);
}

std::optional<Span> time_of(const std::string& text)
{
    const auto span = ows::span_of_time(text);
    return span ? std::optional(Span{static_cast<double>(span->from) * microsecond, static_cast<double>(span->to) * microsecond}) : std::nullopt;
}

/// The latest state: what holds now, or the last value there was.
Span current(const Spans& values)
{
    const double now = now_seconds();
    double last = -std::numeric_limits<double>::infinity();
    for (const auto& span : values.spans) {
        if (!span)
            continue;
        if (span->from <= now && span->to >= now)
            return {now, now};
        if (span->to <= now)
            last = std::max(last, span->to);
    }
    return std::isfinite(last) ? Span{last, last} : Span{now, now};
}

class Asked {
public:
    Asked(const Spans& values, const Dimension& dimension) : m_values(values), m_dimension(dimension) {}

    void add(const std::string& text)
    {
        const std::vector<std::string> parts = ows::split(text, '/');
        if (parts.size() > 3)
            no_value(m_dimension, text);
        const Span first = one(parts[0], text);
        if (parts.size() == 1) {
            keep(first, text);
            return;
        }
        const Span last = one(parts[1], text);
        if (last.to < first.from)
            no_value(m_dimension, text);
        if (parts.size() == 2 || parts[2].empty() || parts[2] == "0") {
            keep({first.from, last.to}, text);
            return;
        }
        if (!m_values.time) {
            if (!ows::parse_number(parts[2]))
                no_value(m_dimension, text);
            keep({first.from, last.to}, text);
            return;
        }
        const auto period = period_of(parts[2]);
        if (!period)
            no_value(m_dimension, text);
        for (int step = 0;; ++step) {
            const double from = plus_months(first.from, period->months * step) + period->seconds * step;
            if (from > last.to)
                break;
            keep({from, from + (first.to - first.from)}, text);
        }
    }

    /// Once all are added.
    void finish()
    {
        std::ranges::sort(m_spans, {}, &Span::from);
        std::vector<Span> merged;
        for (const Span& span : m_spans)
            if (!merged.empty() && span.from <= merged.back().to)
                merged.back().to = std::max(merged.back().to, span.to);
            else
                merged.push_back(span);
        m_spans = std::move(merged);
    }
    bool contains(const Span& span) const
    {
        const auto first = std::ranges::lower_bound(m_spans, span.from, {}, &Span::to);  // the first that does not end before
        return first != m_spans.end() && first->from <= span.to;
    }
    bool in_extent() const
    {
        return !m_values.any() || std::ranges::any_of(m_spans, [&](const Span& asked) { return asked.from <= m_values.greatest && asked.to >= m_values.least; });
    }

private:
    Span one(const std::string& text, const std::string& whole) const
    {
        const std::string value(ows::trimmed(text));
        if (m_values.time) {
            if (ows::equal_ignoring_case(value, "current"))
                return current(m_values);
            if (const auto time = time_of(value))
                return *time;
        } else if (const auto number = ows::parse_number(value)) {
            return {*number, *number};
        }
        no_value(m_dimension, whole);
    }
    void keep(const Span& span, const std::string& text)
    {
        if (m_spans.size() == most_asked)
            no_value(m_dimension, text);
        m_spans.push_back(span);
    }

    const Spans& m_values;
    const Dimension& m_dimension;
    std::vector<Span> m_spans;
};

std::vector<std::string> values_asked(const Dimension& dimension, const ows::KeyValues& kv)
{
    std::vector<std::string> values = kv.list(parameter_of(dimension));
    if (values.empty() && dimension.name == "date")
        values = kv.list("DIM_DATE");
    for (std::string& value : values)
        value = ows::trimmed(value);
    if (values.size() > most_asked)
        no_value(dimension, values.back());
    return values;
}

/// What is shown without the dimension; empty: all.
std::string default_of(const Spans& values, const Dimension& dimension)
{
    switch (dimension.shown) {
    case Dimension::Default::all: return {};
    case Dimension::Default::reference: return dimension.reference;
    case Dimension::Default::minimum:
    case Dimension::Default::maximum: break;
    }
    const bool least = dimension.shown == Dimension::Default::minimum;
    if (!values.by_text)
        return values.any() ? values.text_of(least ? values.least : values.greatest) : std::string();
    std::optional<std::string> found;
    for (std::size_t row = 0; row < values.texts().size(); ++row)
        if (values.texts().valid(row))
            if (const std::string text(values.texts().text(row)); !found || (least ? text < *found : text > *found))
                found = text;
    return found.value_or(std::string());
}

}  // namespace

std::vector<Dimension> offered_dimensions(const project::PublishedLayer& layer)
{
    const auto seen = [&](const std::string& name) {
        return std::ranges::any_of(layer.fields, [&](const project::PublishedField& field) { return field.name == name && field.in_wms; });
    };
    std::vector<Dimension> offered;
    for (const Dimension& dimension : layer.dimensions)
        if (seen(dimension.field) && (dimension.end_field.empty() || seen(dimension.end_field)))
            offered.push_back(dimension);
    return offered;
}

std::string parameter_of(const Dimension& dimension)
{
    const std::string name = ows::upper(dimension.name);
    return name == "TIME" || name == "ELEVATION" || name == "DATE" ? name : "DIM_" + name;
}

namespace {

DimensionExtent worked_out_extent(const store::Snapshot& rows, const Dimension& dimension, base::RunContext& run)
{
    const Spans values(rows, dimension, run);
    DimensionExtent extent;
    extent.is_time = values.time;
    const auto join = [&](const std::string& text) { extent.values += (extent.values.empty() ? "" : ",") + text; };
    if (values.by_text) {
        std::set<std::string> texts;
        for (std::size_t row = 0; row < values.texts().size(); ++row)
            if (values.texts().valid(row))
                texts.insert(std::string(values.texts().text(row)));
        if (texts.size() > most_listed)
            return extent;
        // A value with a comma could not be asked for.
        for (const std::string& text : texts)
            if (text.find(',') == std::string::npos)
                join(text);
        extent.shown = default_of(values, dimension);
        if (extent.shown.empty())
            extent.shown = extent.values;
        return extent;
    }
    if (!values.any())
        return extent;
    std::set<double> listed;
    for (const auto& span : values.spans)
        for (const double end : {span ? span->from : 0, span ? span->to : 0})
            if (span && std::isfinite(end) && listed.size() <= most_listed)
                listed.insert(end);
    const std::string all = values.text_of(values.least) + "/" + values.text_of(values.greatest) + (values.time ? (values.whole_days ? "/P1D" : "/PT1S") : "/0");
    if (listed.size() > most_listed || !dimension.end_field.empty())
        extent.values = all;
    else
        for (const double value : listed)
            join(values.text_of(value));
    extent.shown = default_of(values, dimension);
    if (extent.shown.empty())
        extent.shown = values.text_of(values.least) + "/" + values.text_of(values.greatest);
    return extent;
}

/// What is known of the rows in memory, by what they are.
class KnownExtents {
public:
    DimensionExtent of(const store::Snapshot& rows, const Dimension& dimension, base::RunContext& run)
    {
        const std::string key = rows.id_prefix + '\n' + rows.version + '\n' + std::to_string(rows.table.rows()) + '\n' + dimension.field + '\n' + dimension.end_field + '\n' +
                                std::to_string(static_cast<int>(dimension.shown)) + dimension.reference;
        {
            const std::lock_guard lock(m_mutex);
            if (const auto known = m_extents.find(key); known != m_extents.end())
                return known->second;
        }
        DimensionExtent extent = worked_out_extent(rows, dimension, run);
        const std::lock_guard lock(m_mutex);
        if (m_extents.size() >= most_known)
            m_extents.clear();
        m_extents.emplace(key, extent);
        return extent;
    }

private:
    static constexpr std::size_t most_known = 256;
    std::mutex m_mutex;
    std::map<std::string, DimensionExtent> m_extents;
};

}  // namespace

DimensionExtent extent_of(const store::Snapshot& rows, const Dimension& dimension, base::RunContext& run)
{
    static KnownExtents known;
    return known.of(rows, dimension, run);
}

DimensionChoice choose(const store::Snapshot& rows, const Dimension& dimension, const ows::KeyValues& kv, base::RunContext& run)
{
    DimensionChoice choice;
    std::vector<std::string> asked = values_asked(dimension, kv);
    if (asked.empty() && dimension.shown == Dimension::Default::all) {
        choice.used_default = extent_of(rows, dimension, run).shown;
        return choice;
    }
    const Spans values(rows, dimension, run);
    if (asked.empty()) {
        choice.used_default = default_of(values, dimension);
        if (choice.used_default.empty())
            return choice;
        asked = {choice.used_default};
    }
    choice.rows.emplace(rows.table.rows());
    if (values.by_text) {
        const std::set<std::string, std::less<>> texts(asked.begin(), asked.end());
        choice.in_extent = false;
        for (std::size_t row = 0; row < choice.rows->size(); ++row)
            if (values.texts().valid(row) && texts.contains(values.texts().text(row))) {
                (*choice.rows)[row] = 1;
                choice.in_extent = true;
            }
        return choice;
    }
    Asked spans(values, dimension);
    for (const std::string& text : asked)
        spans.add(text);
    spans.finish();
    for (std::size_t row = 0; row < choice.rows->size(); ++row)
        (*choice.rows)[row] = values.spans[row] && spans.contains(*values.spans[row]) ? 1 : 0;
    choice.in_extent = spans.in_extent();
    return choice;
}

}  // namespace stadtgdi::wms
