namespace Jifu.Ledger.Tidy.Tests;

/// <summary>Blanks whatever is not code in a C# file: comments, strings, characters and preprocessor lines become
/// spaces.</summary>
/// <remarks>Lines and columns stay where they are, so that a brace in the result is a brace of the code.</remarks>
internal sealed class CSharpText
{
    private readonly string _source;
    private readonly char[] _code;
    private int _at;

    private CSharpText(string source) => (_source, _code) = (source, source.ToCharArray());

    public static string CodeOf(string source)
    {
        var text = new CSharpText(source);
        text.ScanCode(inHole: false);
        return new(text._code);
    }

    /// <param name="inHole">True inside <c>{…}</c> of an interpolated string, which ends at its closing brace.</param>
    private void ScanCode(bool inHole)
    {
        var depth = 0;
        while (_at < _source.Length)
        {
            var c = _source[_at];
            if (Is("//") || (c == '#' && AtLineStart()))
                BlankUntil(() => Is("\n"));
            else if (Is("/*"))
                BlankThrough("*/", 2);
            else if (c == '\'')
                ScanQuoted('\'', interpolated: false);
            else if (c is '"' or '@' or '$' && PrefixLength() is { } prefix)
                ScanString(prefix);
            else if (inHole && c == '}' && depth == 0)
                return;
            else
            {
                depth += c == '{' ? 1 : c == '}' ? -1 : 0;
                if (inHole)
                    Blank();
                else
                    _at++;
            }
        }
    }

    /// <summary>How many <c>$</c> and <c>@</c> stand before the quote; null when no string begins here.</summary>
    private int? PrefixLength()
    {
        var end = _at;
        while (end < _source.Length && _source[end] is '$' or '@')
            end++;
        return end < _source.Length && _source[end] == '"' ? end - _at : null;
    }

    private void ScanString(int prefix)
    {
        var marks = _source.AsSpan(_at, prefix);
        var (interpolated, verbatim) = (marks.Contains('$'), marks.Contains('@'));
        for (var i = 0; i < prefix; i++)
            Blank();
        var quotes = 0;
        while (_at + quotes < _source.Length && _source[_at + quotes] == '"')
            quotes++;
        if (quotes >= 3)
            BlankThrough(new('"', quotes), quotes);
        else if (verbatim)
            ScanVerbatim();
        else
            ScanQuoted('"', interpolated);
    }

    private void ScanQuoted(char quote, bool interpolated)
    {
        Blank();
        while (_at < _source.Length && _source[_at] is var c && c != quote && c != '\n')
        {
            if (c == '\\' || (interpolated && (Is("{{") || Is("}}"))))
                Blank();
            else if (interpolated && c == '{')
            {
                Blank();
                ScanCode(inHole: true);
            }

            Blank();
        }

        Blank();
    }

    private void ScanVerbatim()
    {
        Blank();
        while (_at < _source.Length && (_source[_at] != '"' || Is("\"\"")))
        {
            if (Is("\"\""))
                Blank();
            Blank();
        }

        Blank();
    }

    private void BlankThrough(string end, int skip)
    {
        for (var i = 0; i < skip; i++)
            Blank();
        BlankUntil(() => Is(end));
        for (var i = 0; i < end.Length; i++)
            Blank();
    }

    private void BlankUntil(Func<bool> end)
    {
        while (_at < _source.Length && !end())
            Blank();
    }

    private void Blank()
    {
        if (_at >= _source.Length)
            return;
        if (_code[_at] is not ('\n' or '\r'))
            _code[_at] = ' ';
        _at++;
    }

    private bool Is(string text) => string.CompareOrdinal(_source, _at, text, 0, text.Length) == 0;

    private bool AtLineStart()
    {
        var before = _at - 1;
        while (before >= 0 && _source[before] is ' ' or '\t' or '\uFEFF')
            before--;
        return before < 0 || _source[before] == '\n';
    }
}
