using System.Text.RegularExpressions;

namespace Jifu.Ledger.Tidy.Tests;

/// <summary>A type as a file declares it.</summary>
/// <param name="Line">Where its declaration begins, attributes included, counted from 1.</param>
internal sealed record DeclaredType(string Name, int Line, bool IsPublic, bool IsNested);

/// <summary>A method, property or operator with a body.</summary>
/// <param name="Header">What stands before the body, on one line.</param>
/// <param name="BodyLines">Between the braces, or from the arrow to the semicolon.</param>
/// <param name="IsSwitch">Its body is an arrow to a table of cases.</param>
internal sealed record DeclaredFunction(string Header, int Line, int BodyLines, bool IsSwitch);

/// <summary>The types and functions of a C# file, found by its braces alone.</summary>
internal sealed partial class CSharpOutline
{
    private readonly string _code;
    private readonly List<DeclaredType> _types = [];
    private readonly List<DeclaredFunction> _functions = [];
    private int _at;

    private CSharpOutline(string code) => _code = code;

    public IReadOnlyList<DeclaredType> Types => _types;

    public IReadOnlyList<DeclaredFunction> Functions => _functions;

    public static CSharpOutline Of(string source)
    {
        var outline = new CSharpOutline(CSharpText.CodeOf(source));
        while (outline._at < outline._code.Length)
        {
            outline.Members(isNested: false);
            outline._at++;
        }

        return outline;
    }

    [GeneratedRegex(@"\b(class|struct|interface|enum|record|namespace|extension)\b(\s+(class|struct))?\s*(?<name>\w*)")]
    private static partial Regex TypeHeader { get; }

    [GeneratedRegex(@"\boperator\s*[^\w\s(]*$")]
    private static partial Regex InsideOperatorName { get; }

    /// <summary>Up to the brace that closes what they are members of.</summary>
    private void Members(bool isNested)
    {
        while (SkipSpace() && _code[_at] != '}')
            Member(isNested);
    }

    private void Member(bool isNested)
    {
        var start = _at;
        var end = EndOfHeader();
        var header = _code[start..end];
        _at = end;
        if (end >= _code.Length)
            return;
        var declared = TypeHeader.Match(header.Split(" where ")[0]);
        if (declared.Success)
            Type(header, declared, start, isNested);
        else if (_code[_at] == '{')
            Block(header, start);
        else if (Is("=>"))
            Arrow(header, start);
        else
            SkipThroughSemicolon();
    }

    private void Type(string header, Match declared, int start, bool isNested)
    {
        var keyword = declared.Groups[1].Value;
        var isType = keyword is not ("namespace" or "extension");
        if (isType)
            _types.Add(new(declared.Groups["name"].Value, LineOf(start), Modifier(header, "public"), isNested));
        if (_code[_at] != '{')
            SkipThroughSemicolon();
        else if (keyword == "enum")
            SkipBlock();
        else
        {
            _at++;
            Members(isType || isNested);
            _at++;
        }
    }

    private void Block(string header, int start)
    {
        var open = LineOf(_at);
        SkipBlock();
        Add(header, start, LineOf(_at - 1) - open - 1, isSwitch: false);
        if (SkipSpace() && _code[_at] == '=')
            SkipThroughSemicolon();
    }

    private void Arrow(string header, int start)
    {
        var arrow = _at;
        SkipThroughSemicolon();
        var isSwitch = _code[arrow.._at].Contains(" switch", StringComparison.Ordinal);
        Add(header, start, LineOf(_at - 1) - LineOf(arrow) + 1, isSwitch);
    }

    private void Add(string header, int start, int lines, bool isSwitch)
    {
        var words = header.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries);
        _functions.Add(new(string.Join(' ', words), LineOf(start), lines, isSwitch));
    }

    /// <summary>The first brace, semicolon, arrow or equals sign that is not inside parentheses.</summary>
    private int EndOfHeader()
    {
        var depth = 0;
        for (var i = _at; i < _code.Length; i++)
        {
            var c = _code[i];
            depth += c is '(' or '[' ? 1 : c is ')' or ']' ? -1 : 0;
            if (depth == 0 && c is '{' or '}' or ';')
                return i;
            if (depth == 0 && c == '=' && !InsideOperatorName.IsMatch(_code[_at..i]))
                return i;
        }

        return _code.Length;
    }

    private void SkipBlock()
    {
        var depth = 0;
        do
        {
            depth += _code[_at] == '{' ? 1 : _code[_at] == '}' ? -1 : 0;
            _at++;
        }
        while (depth > 0 && _at < _code.Length);
    }

    private void SkipThroughSemicolon()
    {
        var depth = 0;
        while (_at < _code.Length && (depth > 0 || _code[_at] != ';') && (depth > 0 || _code[_at] != '}'))
        {
            depth += _code[_at] is '{' or '(' or '[' ? 1 : _code[_at] is '}' or ')' or ']' ? -1 : 0;
            _at++;
        }

        if (_at < _code.Length && _code[_at] == ';')
            _at++;
    }

    private bool SkipSpace()
    {
        while (_at < _code.Length && (char.IsWhiteSpace(_code[_at]) || _code[_at] is ';' or '\uFEFF'))
            _at++;
        return _at < _code.Length;
    }

    private static bool Modifier(string header, string name) => Regex.IsMatch(header, $@"\b{name}\b");

    private bool Is(string text) => string.CompareOrdinal(_code, _at, text, 0, text.Length) == 0;

    private int LineOf(int position) => _code.AsSpan(0, Math.Min(position, _code.Length)).Count('\n') + 1;
}
