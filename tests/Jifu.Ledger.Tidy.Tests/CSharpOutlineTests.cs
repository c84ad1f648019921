namespace Jifu.Ledger.Tidy.Tests;

public class CSharpOutlineTests
{
    private const string Source = """"
        using System;

        namespace Example;

        #pragma warning disable CA0000 // class NotThis {
        [Obsolete("class Nor { this")]
        public sealed record Pair(int Left, int Right = 2);

        /* class Hidden { } */
        internal static class Sums<T> where T : class
        {
            private static readonly int[] Table = [1, 2];

            public int Count { get; set; } = 3;

            public static bool operator >=(Sums<T> left, Sums<T> right) => true;

            public static string Text(string name) => $"{(name is "}" ? "{" : '"')} {{ {name}";

            public static string Raw => $$"""
                } " { {{Count}}
                """;

            public enum Kind { One, Two }

            public static int Of(int kind) => kind switch
            {
                1 => 2,
                _ => 3,
            };

            public static void Long<TX>(TX x) where TX : class
            {
                if (x is { })
                {
                    Console.WriteLine(@"{ \");
                }
            }
        }
        """";

    [Fact]
    public void Types_are_found_and_words_in_comments_and_strings_are_not() =>
        CSharpOutline.Of(Source).Types.Select(type => $"{type.Name} {type.Line} {type.IsPublic} {type.IsNested}")
            .ShouldBe(["Pair 6 True False", "Sums 10 False False", "Kind 24 True True"]);

    [Fact]
    public void Functions_are_measured_by_what_is_between_their_braces_or_after_their_arrow() =>
        CSharpOutline.Of(Source).Functions.Select(found => $"{found.Line} {found.BodyLines} {found.IsSwitch}")
            .ShouldBe(["14 -1 False", "16 1 False", "18 1 False", "20 3 False", "26 5 True", "32 4 False"]);
}
