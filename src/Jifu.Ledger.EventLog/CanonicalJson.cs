using System.Linq.Expressions;
using System.Reflection;
using System.Text;
using System.Text.Json.Serialization.Metadata;

namespace Jifu.Ledger.EventLog;

/// <summary>Reads events whose bytes are exactly as we write them: members in their order, no blanks, no
/// escapes.</summary>
/// <remarks>
/// That is nearly every event, and takes a fraction of the time of reading JSON in general. It only ever says what the
/// strict reader would say too, or nothing: then the strict reader is asked, who also tells what is wrong. One code for
/// each type is compiled from the type's own constructor, so a new event needs nothing here.
/// </remarks>
internal static class CanonicalJson
{
    private static readonly Lock OneAtATime = new();
    private static readonly NullabilityInfoContext Nullability = new();
    private static readonly MethodInfo EnumOfMethod = Method(nameof(EnumOf));
    private static readonly MethodInfo ListOfMethod = Method(nameof(ListOf));
    private static readonly MethodInfo NullableOfMethod = Method(nameof(NullableOf));

    [ThreadStatic]
    private static JsonCursor? _cursor;

    /// <summary>The reader of a type; null when the type has members of a kind that is not known here.</summary>
    public static Func<ArraySegment<byte>, object?>? For(Type type)
    {
        if (Compiled(type) is not { } compiled)
            return null;
        return bytes =>
        {
            var own = _cursor ??= new();
            own.Begin(bytes);
            var made = compiled(own);
            return own.Done ? made : null;
        };
    }

    // Events come to several threads, and what tells nullability serves one.
    private static Func<JsonCursor, object?>? Compiled(Type type)
    {
        lock (OneAtATime)
        {
            if (ReaderOf(type, nullable: false) is not { } read)
                return null;
            var cursor = Expression.Parameter(typeof(JsonCursor));
            return Expression.Lambda<Func<JsonCursor, object?>>(
                Expression.Convert(Expression.Invoke(read, cursor), typeof(object)), cursor).Compile();
        }
    }

    /// <summary>A function from the cursor to a value of the type.</summary>
    private static LambdaExpression? ReaderOf(Type type, bool nullable)
    {
        if (type == typeof(string))
            return nullable ? From(c => c.Takes(Literals.Null) ? null : c.Text()) : From(c => c.Text());
        if (type == typeof(long))
            return From(c => c.Integer());
        if (type == typeof(int))
            return From(c => c.SmallInteger());
        if (type == typeof(bool))
            return From(c => Truth(c));
        if (type == typeof(DateTimeOffset))
            return From(c => c.Moment());
        if (type == typeof(BusinessDay))
            return From(c => c.Day());
        if (type.IsEnum)
            return (LambdaExpression)EnumOfMethod.MakeGenericMethod(type).Invoke(null, [])!;
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return Wrapped(NullableOfMethod, inner);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueList<>))
            return OrNull(Wrapped(ListOfMethod, type.GetGenericArguments()[0]), nullable);
        if (type.Namespace?.StartsWith("Jifu.Ledger", StringComparison.Ordinal) != true || type.IsAbstract)
            return null;
        return OrNull(RecordOf(type), nullable);
    }

    private static LambdaExpression? OrNull(LambdaExpression? read, bool nullable)
    {
        if (read is null || !nullable)
            return read;
        var cursor = Expression.Parameter(typeof(JsonCursor));
        return Expression.Lambda(
            Expression.Condition(
                Takes(cursor, Literals.Null), Expression.Default(read.ReturnType),
                Expression.Invoke(read, cursor)),
            cursor);
    }

    private static LambdaExpression? RecordOf(Type type)
    {
        var constructor = type.GetConstructors().MaxBy(one => one.GetParameters().Length);
        if (constructor?.GetParameters() is not { Length: > 0 } parameters)
            return null;
        var cursor = Expression.Parameter(typeof(JsonCursor));
        if (type.IsValueType && parameters is [{ Name: "Value" } value] && value.ParameterType == typeof(string))
            return MakeUnlessFailed(type, constructor, cursor, [], [From(c => c.Text())!]);
        var members = EventJson.Options.GetTypeInfo(type).Properties;
        var readers = new List<LambdaExpression>();
        var names = new List<(byte[] Text, bool MayBeAbsent)>();
        foreach (var parameter in parameters)
        {
            var nullable = Nullability.Create(parameter).ReadState == NullabilityState.Nullable;
            if (ReaderOf(parameter.ParameterType, nullable) is not { } reader
                || NameOf(members, parameter) is not { } name)
                return null;
            names.Add((
                Encoding.UTF8.GetBytes($"{(names.Count == 0 ? '{' : ',')}\"{name}\":"),
                names.Count > 0 && parameter is { HasDefaultValue: true, DefaultValue: null }));
            readers.Add(reader);
        }

        return MakeUnlessFailed(type, constructor, cursor, names, readers);
    }

    private static string? NameOf(IList<JsonPropertyInfo> members, ParameterInfo parameter) => members
        .FirstOrDefault(member => member.AttributeProvider is PropertyInfo property && property.Name == parameter.Name)
        ?.Name;

    private static LambdaExpression MakeUnlessFailed(
        Type type, ConstructorInfo constructor, ParameterExpression cursor,
        List<(byte[] Text, bool MayBeAbsent)> names, List<LambdaExpression> readers)
    {
        var values = readers.ConvertAll(reader => Expression.Variable(reader.ReturnType));
        var steps = new List<Expression>();
        for (var i = 0; i < readers.Count; i++)
        {
            var read = Expression.Assign(values[i], Expression.Invoke(readers[i], cursor));
            if (names.Count > 0 && names[i].MayBeAbsent)
            {
                // A member that is null by default is left out while it is; its variable is null from the start.
                steps.Add(Expression.IfThen(Takes(cursor, names[i].Text), read));
                continue;
            }

            if (names.Count > 0)
                steps.Add(Expect(cursor, names[i].Text));
            steps.Add(read);
        }

        if (names.Count > 0)
            steps.Add(Expect(cursor, Literals.End));
        steps.Add(Expression.Condition(
            Expression.Property(cursor, nameof(JsonCursor.Failed)), Expression.Default(type),
            Expression.New(constructor, values)));
        return Expression.Lambda(Expression.Block(values, steps), cursor);
    }

    private static MethodCallExpression Expect(Expression cursor, byte[] literal) =>
        Expression.Call(cursor, nameof(JsonCursor.Expect), null, Expression.Constant(literal));

    private static MethodCallExpression Takes(Expression cursor, byte[] literal) =>
        Expression.Call(cursor, nameof(JsonCursor.Takes), null, Expression.Constant(literal));

    private static Expression<Func<JsonCursor, T>> From<T>(Expression<Func<JsonCursor, T>> read) => read;

    private static LambdaExpression? Wrapped(MethodInfo method, Type inner) =>
        ReaderOf(inner, nullable: false) is { } reader
            ? (LambdaExpression)method.MakeGenericMethod(inner).Invoke(null, [reader.Compile()])!
            : null;

    private static bool Truth(JsonCursor cursor)
    {
        if (cursor.Takes(Literals.True))
            return true;
        cursor.Expect(Literals.False);
        return false;
    }

    private static Expression<Func<JsonCursor, T>> EnumOf<T>() where T : struct, Enum
    {
        var known = Enum.GetValues<T>().Select(value => (Encoding.UTF8.GetBytes($"\"{value}\""), value)).ToArray();
        return cursor => Chosen(cursor, known);
    }

    private static T Chosen<T>(JsonCursor cursor, (byte[] Name, T Value)[] known)
    {
        foreach (var (name, value) in known)
        {
            if (cursor.Takes(name))
                return value;
        }

        cursor.Expect(Literals.Never);
        return default!;
    }

    private static Expression<Func<JsonCursor, T?>> NullableOf<T>(Func<JsonCursor, T> read) where T : struct =>
        cursor => cursor.Takes(Literals.Null) ? null : read(cursor);

    private static Expression<Func<JsonCursor, ValueList<T>>> ListOf<T>(Func<JsonCursor, T> read) =>
        cursor => Items(cursor, read);

    private static ValueList<T> Items<T>(JsonCursor cursor, Func<JsonCursor, T> read)
    {
        if (cursor.Takes(Literals.Empty))
            return ValueList<T>.Empty;
        var items = new List<T>();
        cursor.Expect(Literals.Begin);
        do
            items.Add(read(cursor));
        while (cursor.Takes(Literals.Comma));
        cursor.Expect(Literals.EndOfList);
        return items.ToValueList();
    }

    private static MethodInfo Method(string name) =>
        typeof(CanonicalJson).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!;

    private static class Literals
    {
        public static readonly byte[] Null = "null"u8.ToArray();
        public static readonly byte[] True = "true"u8.ToArray();
        public static readonly byte[] False = "false"u8.ToArray();
        public static readonly byte[] Empty = "[]"u8.ToArray();
        public static readonly byte[] Begin = "["u8.ToArray();
        public static readonly byte[] Comma = ","u8.ToArray();
        public static readonly byte[] EndOfList = "]"u8.ToArray();
        public static readonly byte[] End = "}"u8.ToArray();

        // No text that we write has it.
        public static readonly byte[] Never = [0];
    }
}
