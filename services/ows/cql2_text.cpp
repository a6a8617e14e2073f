// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/cql2_terms.hpp>
#include <services/ows/cql2_text.hpp>
#include <services/ows/fold.hpp>
#include <services/ows/kvp.hpp>
#include <algorithm>

namespace stadtgdi::ows {

namespace {

using cql2::Term;

struct Cql2Token {
    enum class Kind { word, quoted, string, number, sign, end } kind = Kind::end;
    std::string text;          ///< unescaped
    std::size_t begin = 0;     ///< place in the filter
};

class Cql2Reader {
public:
    Cql2Reader(std::string_view text, const FilterContext& context, Cql2Dialect dialect) : m_text(text), m_builder(context), m_terms(m_builder), m_dialect(dialect)
    {
        if (text.size() > FilterBuilder::longest_text) m_builder.too_complex();
        next();
    }

    PredicatePtr read()
    {
        PredicatePtr predicate = m_terms.predicate(disjunction());
        if (m_token.kind != Cql2Token::Kind::end) unexpected();
        return predicate;
    }

private:
    [[noreturn]] void unexpected() const
    {
        const std::string what = m_token.kind == Cql2Token::Kind::end ? "" : base::shortened(m_token.text, 40);
        const std::string place = std::to_string(code_points(m_text.substr(0, m_token.begin)).size() + 1);
        if (what.empty()) m_builder.wrong(base::filled({"it ends or breaks off at character {0}", "er endet oder bricht ab bei Zeichen {0}"}, place));
        m_builder.wrong(base::filled({"'{0}' is not expected at character {1}", "'{0}' wird bei Zeichen {1} nicht erwartet"}, what, place));
    }

    static bool starts_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (static_cast<unsigned char>(c) & 0x80) != 0; }
    static bool continues_word(char c) { return starts_word(c) || (c >= '0' && c <= '9') || c == '.' || c == ':'; }
    static bool is_digit(char c) { return c >= '0' && c <= '9'; }

    void next()
    {
        while (m_at < m_text.size() && (m_text[m_at] == ' ' || m_text[m_at] == '\t' || m_text[m_at] == '\n' || m_text[m_at] == '\r')) ++m_at;
        m_token = {Cql2Token::Kind::end, {}, m_at};
        if (m_at == m_text.size()) return;
        const char c = m_text[m_at];
        if (starts_word(c) || (c == '$' && is_expression())) {
            m_token.kind = Cql2Token::Kind::word;
            m_token.text = c;
            ++m_at;
            while (m_at < m_text.size() && continues_word(m_text[m_at])) m_token.text += m_text[m_at++];
        } else if (c == '"' || c == '\'') {
            quoted(c);
        } else if (is_digit(c) || (c == '.' && m_at + 1 < m_text.size() && is_digit(m_text[m_at + 1]))) {
            number();
        } else {
            m_token.kind = Cql2Token::Kind::sign;
            m_token.text = c;
            ++m_at;
            if (m_at < m_text.size() && (((c == '<' || c == '>' || c == '!') && m_text[m_at] == '=') || (c == '<' && m_text[m_at] == '>'))) m_token.text += m_text[m_at++];
        }
    }

    /// The sign itself is doubled inside; a text may have it behind a backslash as well.
    void quoted(char sign)
    {
        m_token.kind = sign == '"' ? Cql2Token::Kind::quoted : Cql2Token::Kind::string;
        for (++m_at; m_at < m_text.size(); ++m_at) {
            const bool more = m_at + 1 < m_text.size();
            if (m_text[m_at] == sign) {
                if (!more || m_text[m_at + 1] != sign) {
                    ++m_at;
                    return;
                }
                ++m_at;
            } else if (sign == '\'' && m_text[m_at] == '\\' && more && m_text[m_at + 1] == '\'') {
                ++m_at;
            }
            m_token.text += m_text[m_at];
        }
        m_token.kind = Cql2Token::Kind::end;
        unexpected();
    }

    void number()
    {
        m_token.kind = Cql2Token::Kind::number;
        const auto digits = [&] {
            while (m_at < m_text.size() && is_digit(m_text[m_at])) m_token.text += m_text[m_at++];
        };
        digits();
        if (m_at < m_text.size() && m_text[m_at] == '.') {
            m_token.text += m_text[m_at++];
            digits();
        }
        if (m_at < m_text.size() && (m_text[m_at] == 'e' || m_text[m_at] == 'E')) {
            m_token.text += m_text[m_at++];
            if (m_at < m_text.size() && (m_text[m_at] == '+' || m_text[m_at] == '-')) m_token.text += m_text[m_at++];
            digits();
        }
    }

    bool is_qgis() const { return m_dialect != Cql2Dialect::standard; }
    bool is_expression() const { return m_dialect == Cql2Dialect::qgis_expression; }
    bool is_word(std::string_view word) const { return m_token.kind == Cql2Token::Kind::word && equal_ignoring_case(m_token.text, word); }
    bool is_sign(std::string_view sign) const { return m_token.kind == Cql2Token::Kind::sign && m_token.text == sign; }
    bool take_word(std::string_view word)
    {
        if (!is_word(word)) return false;
        next();
        return true;
    }
    bool take_sign(std::string_view sign)
    {
        if (!is_sign(sign)) return false;
        next();
        return true;
    }
    void expect_word(std::string_view word)
    {
        if (!take_word(word)) unexpected();
    }
    void expect_sign(std::string_view sign)
    {
        if (!take_sign(sign)) unexpected();
    }

    Term disjunction()
    {
        Term first = conjunction();
        if (!is_word("OR")) return first;
        std::vector<PredicatePtr> parts{m_terms.predicate(std::move(first))};
        while (take_word("OR")) parts.push_back(m_terms.predicate(conjunction()));
        return m_terms.of(any_of(std::move(parts)));
    }

    Term conjunction()
    {
        Term first = negation();
        if (!is_word("AND")) return first;
        std::vector<PredicatePtr> parts{m_terms.predicate(std::move(first))};
        while (take_word("AND")) parts.push_back(m_terms.predicate(negation()));
        return m_terms.of(all_of(std::move(parts)));
    }

    Term negation()
    {
        if (!take_word("NOT")) return comparison();
        const FilterBuilder::Level level(m_builder);
        return m_terms.of(negated(m_terms.predicate(negation())));
    }

    Term comparison()
    {
        Term left = sum();
        if (left.kind == Term::Kind::id) return id_comparison();
        static const std::vector<std::pair<std::string_view, Comparison>> comparisons{{"=", Comparison::equal}, {"<>", Comparison::not_equal}, {"<", Comparison::less},
                                                                                      {">", Comparison::greater}, {"<=", Comparison::less_or_equal}, {">=", Comparison::greater_or_equal}};
        for (const auto& [sign, comparison] : comparisons)
            if (take_sign(sign)) {
                Term right = sum();
                if (right.kind == Term::Kind::id && comparison == Comparison::equal) return m_terms.of(m_builder.fids({m_terms.operand(std::move(left))}));
                return m_terms.of(m_builder.compare(comparison, m_terms.operand(std::move(left)), m_terms.operand(std::move(right))));
            }
        if (is_qgis() && take_sign("!=")) return m_terms.of(m_builder.compare(Comparison::not_equal, m_terms.operand(std::move(left)), m_terms.operand(sum())));
        if (take_word("IS")) {
            const bool negative = take_word("NOT");
            expect_word("NULL");
            const bool geometry = left.kind == Term::Kind::property && m_builder.is_geometry(left.property);
            PredicatePtr is_null = geometry ? m_builder.geometry_is_null() : m_builder.is_null(m_terms.operand(std::move(left)));
            return m_terms.of(negative ? negated(std::move(is_null)) : is_null);
        }
        const bool negative = take_word("NOT");
        PredicatePtr predicate;
        if (is_word("LIKE") || (is_qgis() && is_word("ILIKE"))) {
            const bool match_case = is_word("LIKE");
            next();
            const OperandPtr text = m_terms.operand(std::move(left)), pattern = m_terms.operand(sum());
            if (pattern->kind != Operand::Kind::value || pattern->type != table::Type::text) m_builder.wrong({"LIKE compares with a text", "LIKE vergleicht mit einem Text"});
            predicate = m_builder.like(text, pattern->text, U'%', U'_', U'\\', match_case);
        } else if (take_word("BETWEEN")) {
            const OperandPtr value = m_terms.operand(std::move(left)), low = m_terms.operand(sum());
            expect_word("AND");
            predicate = m_builder.between(value, low, m_terms.operand(sum()));
        } else if (take_word("IN")) {
            const OperandPtr value = m_terms.operand(std::move(left));
            predicate = m_builder.in(value, values());
        } else if (negative) {
            unexpected();
        } else {
            return left;
        }
        return m_terms.of(negative ? negated(std::move(predicate)) : predicate);
    }

    /// Behind IN.
    std::vector<OperandPtr> values()
    {
        expect_sign("(");
        std::vector<OperandPtr> list;
        do list.push_back(m_terms.operand(sum()));
        while (take_sign(","));
        expect_sign(")");
        return list;
    }

    /// Behind $id.
    Term id_comparison()
    {
        if (take_sign("=")) return m_terms.of(m_builder.fids({m_terms.operand(sum())}));
        if (take_sign("<>") || take_sign("!=")) return m_terms.of(negated(m_builder.fids({m_terms.operand(sum())})));
        const bool negative = take_word("NOT");
        expect_word("IN");
        PredicatePtr among = m_builder.fids(values());
        return m_terms.of(negative ? negated(std::move(among)) : among);
    }

    Term sum()
    {
        if (is_qgis()) return signed_term();
        Term left = product();
        while (is_sign("+") || is_sign("-")) {
            const char operation = m_token.text.front();
            next();
            left = m_terms.of(m_builder.arithmetic(operation, m_terms.operand(std::move(left)), m_terms.operand(product())));
        }
        return left;
    }

    Term product()
    {
        Term left = power();
        while (is_sign("*") || is_sign("/") || is_sign("%") || is_word("DIV")) {
            const char operation = is_word("DIV") ? 'd' : m_token.text.front();
            next();
            left = m_terms.of(m_builder.arithmetic(operation, m_terms.operand(std::move(left)), m_terms.operand(power())));
        }
        return left;
    }

    Term power()
    {
        Term base = signed_term();
        if (!take_sign("^")) return base;
        const FilterBuilder::Level level(m_builder);
        return m_terms.of(m_builder.arithmetic('^', m_terms.operand(std::move(base)), m_terms.operand(power())));
    }

    Term signed_term()
    {
        if (!is_sign("-") && !is_sign("+")) return primary();
        const FilterBuilder::Level level(m_builder);
        const bool negative = is_sign("-");
        next();
        if (m_token.kind == Cql2Token::Kind::number) {
            const std::string digits = (negative ? "-" : "") + m_token.text;
            next();
            return m_terms.of(m_builder.number(digits));
        }
        if (is_qgis()) unexpected();
        Term term = signed_term();
        return negative ? m_terms.of(m_builder.arithmetic('-', m_builder.number("0"), m_terms.operand(std::move(term)))) : term;
    }

    Term primary()
    {
        switch (m_token.kind) {
        case Cql2Token::Kind::string: {
            std::string text = std::exchange(m_token.text, {});
            next();
            return m_terms.of(m_builder.text(std::move(text)));
        }
        case Cql2Token::Kind::number: {
            const std::string digits = m_token.text;
            next();
            return m_terms.of(m_builder.number(digits));
        }
        case Cql2Token::Kind::quoted: {
            Term property;
            property.kind = Term::Kind::property;
            property.property = m_token.text;
            next();
            return property;
        }
        case Cql2Token::Kind::word: return word();
        case Cql2Token::Kind::sign:
            if (take_sign("(")) return bracket();
            break;
        case Cql2Token::Kind::end: break;
        }
        unexpected();
    }

    /// A part in brackets, or a list of values.
    Term bracket()
    {
        const FilterBuilder::Level level(m_builder);
        if (take_sign(")")) {
            Term empty;
            empty.kind = Term::Kind::list;
            return empty;
        }
        Term first = disjunction();
        if (!is_sign(",")) {
            expect_sign(")");
            return first;
        }
        Term list;
        list.kind = Term::Kind::list;
        list.list.push_back(std::move(first));
        while (take_sign(",")) list.list.push_back(sum());
        expect_sign(")");
        return list;
    }

    Term word()
    {
        const Cql2Token token = m_token;
        const std::string name = upper(token.text);
        for (const char* reserved : {"AND", "OR", "LIKE", "BETWEEN", "IN", "IS", "NULL", "DIV"})
            if (name == reserved) unexpected();
        next();
        if (name == "TRUE" || name == "FALSE") return m_terms.of(m_builder.boolean(name == "TRUE"));
        if (is_expression() && name == "$ID") {
            Term id;
            id.kind = Term::Kind::id;
            return id;
        }
        if (is_qgis() && (!is_expression() || name.front() == '$' || name == "NOT" || name == "ILIKE" || is_sign("("))) {
            m_token = token;
            unexpected();
        }
        for (const char* kind : {"POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION"})
            if (name == kind && (is_sign("(") || is_word("EMPTY") || is_word("Z") || is_word("M") || is_word("ZM"))) return geometry(token.begin);
        if (!is_sign("(")) {
            Term property;
            property.kind = Term::Kind::property;
            property.property = token.text;
            return property;
        }
        const FilterBuilder::Level level(m_builder);
        next();
        if (name == "DATE" || name == "TIMESTAMP") {
            if (m_token.kind != Cql2Token::Kind::string) unexpected();
            const std::string text = m_token.text;
            next();
            expect_sign(")");
            return m_terms.of(name == "DATE" ? m_builder.date(text) : m_builder.instant(text));
        }
        if (name == "INTERVAL") return interval();
        if (name == "BBOX") return box();
        std::vector<Term> arguments;
        if (!take_sign(")")) {
            do arguments.push_back(sum());
            while (take_sign(","));
            expect_sign(")");
        }
        std::string lower = token.text;
        std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        return m_terms.call(lower, std::move(arguments));
    }

    /// As it stands from the word of the kind to its last bracket.
    Term geometry(std::size_t begin)
    {
        while (is_word("Z") || is_word("M") || is_word("ZM")) next();
        Term term;
        term.kind = Term::Kind::geometry;
        if (is_word("EMPTY")) {
            term.wkt = m_text.substr(begin, m_at - begin);
            next();
            return term;
        }
        if (!is_sign("(")) unexpected();
        int depth = 1;
        while (m_at < m_text.size() && depth > 0) {
            depth += m_text[m_at] == '(' ? 1 : m_text[m_at] == ')' ? -1 : 0;
            ++m_at;
        }
        if (depth > 0) {
            m_token = {Cql2Token::Kind::end, {}, m_at};
            unexpected();
        }
        term.wkt = m_text.substr(begin, m_at - begin);
        next();
        return term;
    }

    Term interval()
    {
        const auto side = [&]() -> TimeOperand {
            if (m_token.kind == Cql2Token::Kind::string && m_token.text == "..") {
                next();
                return {};
            }
            return m_terms.time(sum());
        };
        const TimeOperand from = side();
        expect_sign(",");
        const TimeOperand to = side();
        expect_sign(")");
        Term term;
        term.kind = Term::Kind::time;
        term.time = m_builder.interval(from, to);
        return term;
    }

    Term box()
    {
        Term term;
        term.kind = Term::Kind::box;
        do {
            const bool negative = take_sign("-");
            if (m_token.kind != Cql2Token::Kind::number || term.box.size() == 6) unexpected();
            term.box.push_back((negative ? "-" : "") + m_token.text);
            next();
        } while (take_sign(","));
        expect_sign(")");
        return term;
    }

    std::string_view m_text;
    FilterBuilder m_builder;
    cql2::Terms m_terms;
    Cql2Dialect m_dialect;
    std::size_t m_at = 0;
    Cql2Token m_token;
};

}  // namespace

PredicatePtr read_cql2_text(std::string_view text, const FilterContext& context, Cql2Dialect dialect)
{
    return Cql2Reader(text, context, dialect).read();
}

}  // namespace stadtgdi::ows
