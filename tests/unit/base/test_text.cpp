// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>
#include <layers/base/text.hpp>

using namespace stadtgdi::base;

TEST(Text, GivesTheLanguageAskedForAndEnglishWithoutGerman)
{
    const Text text{"Tree sites", "Baumstandorte"};
    EXPECT_EQ(text.in(Language::de), "Baumstandorte");
    EXPECT_EQ(text.in(Language::en), "Tree sites");
    EXPECT_EQ((Text{"Only", ""}.in(Language::de)), "Only");
    EXPECT_EQ(Text::same("GML").in(Language::de), "GML");
    EXPECT_TRUE(Text{}.empty());
}

TEST(Text, LanguageOfALocale)
{
    for (const char* locale : {"de", "de_DE.UTF-8", "de-AT", "DE", "de.UTF-8", "de@euro", "de;q=0.9"}) EXPECT_EQ(language_of(locale), Language::de) << locale;
    for (const char* locale : {"", "C", "en", "en_GB", "d", "den", "dev", "POSIX"}) EXPECT_EQ(language_of(locale), Language::en) << locale;
}

TEST(Text, PlacesAreFilledInBothLanguagesAndInAnyOrder)
{
    const Text text = filled({"{0} of {1}, {0}", "von {1}: {0}"}, "3", std::string("10"));
    EXPECT_EQ(text.en, "3 of 10, 3");
    EXPECT_EQ(text.de, "von 10: 3");
}

TEST(Text, ValuesThatLookLikePlacesStayAsTheyAre)
{
    EXPECT_EQ(filled({"{0} {1}", ""}, "{1}", "{0}").en, "{1} {0}");
    EXPECT_EQ(filled({"{2} {x} {", ""}, "a").en, "{2} {x} {");
    EXPECT_EQ(filled({"no place", ""}).en, "no place");
}

TEST(Text, IsShortenedBetweenCharacters)
{
    EXPECT_EQ(shortened("Baum", 4), "Baum");
    EXPECT_EQ(shortened("Baum", 3), "Bau");
    EXPECT_EQ(shortened("Straße", 5), "Stra");
    EXPECT_EQ(shortened("Straße", 6), "Straß");
    EXPECT_EQ(shortened("€", 2), "");
    EXPECT_EQ(shortened("", 0), "");
}
