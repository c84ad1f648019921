namespace Jifu.Ledger.Operations.Reports.Pages;

/// <summary>The drawings of report pages. Each takes plain figures and gives SVG.</summary>
internal static class Charts
{
    private const double Width = 1000, Left = 64, Right = 16, Top = 14, Bottom = 26;

    /// <summary>A share for each day; a day without one is a gap.</summary>
    public static string Rate(string label, IReadOnlyList<(string Day, double? Rate, string Tip)> days)
    {
        const double height = 240;
        var (svg, floor) = (new Svg(Width, height, label), height - Bottom);
        var most = days.Max(day => day.Rate) ?? 0;
        var step = Figures.Step(most);
        var steps = Math.Max(1, (int)Math.Ceiling((most / step) - 0.001));
        var top = step * steps;
        Grid(svg, height, steps, at => Figures.Mark(step * at, step));
        double Y(double rate) => floor - (rate / top * (floor - Top));

        var points = days.Select((day, index) => (X: Middle(index, days.Count), day.Rate, day.Tip)).ToList();
        foreach (var run in Runs(points))
        {
            var line = run.Select(point => (point.X, Y(point.Rate!.Value))).ToList();
            svg.Path("area", [(line[0].X, floor), .. line, (line[^1].X, floor)], closed: true);
            svg.Path("rate", line, closed: false);
        }

        foreach (var (x, rate, tip) in points)
            if (rate is { } known)
                svg.Dot(x, Y(known), 3.5, "dot", tip);
        Days(svg, height, [.. days.Select(day => day.Day)]);
        return $"{svg}";
    }

    /// <summary>For each day what the channel owes more (up) and less (down), by class.</summary>
    public static string Stacks(
        string label, IReadOnlyList<(string Day, IReadOnlyList<(string Class, long Minor, string Tip)> Parts)> days)
    {
        const double height = 280;
        var svg = new Svg(Width, height, label);
        var most = days.Max(day => day.Parts.Where(part => part.Minor > 0).Sum(part => (double)part.Minor));
        var least = days.Max(day => day.Parts.Where(part => part.Minor < 0).Sum(part => -(double)part.Minor));
        var step = Figures.Step(most + least);
        var (up, down) = (Math.Ceiling((most / step) - 0.001), Math.Ceiling((least / step) - 0.001));
        up = Math.Max(up, down == 0 ? 1 : 0);
        var (scale, floor) = ((height - Top - Bottom) / ((up + down) * step), height - Bottom);
        var zero = Top + (up * step * scale);
        for (var mark = -down; mark <= up; mark++)
        {
            var value = mark * step;
            svg.Line(Left, zero - (value * scale), Width - Right, zero - (value * scale), value == 0 ? "base" : "grid");
            svg.Text(Left - 8, zero - (value * scale) + 4, "end", Figures.Short(value));
        }

        var slot = (Width - Left - Right) / days.Count;
        var bar = Math.Min(slot * 0.62, 44);
        for (var day = 0; day < days.Count; day++)
        {
            var (above, below) = (zero, zero);
            foreach (var (name, minor, tip) in days[day].Parts.Where(part => part.Minor != 0))
            {
                var tall = Math.Max(Math.Abs(minor) * scale, 1);
                var y = minor > 0 ? above -= tall : below;
                below += minor < 0 ? tall : 0;
                svg.Bar(Middle(day, days.Count) - (bar / 2), Math.Max(y, 0), bar, Math.Min(tall, floor),
                    $"c{ReportTerms.Colour(name)}", tip);
            }
        }

        Days(svg, height, [.. days.Select(day => day.Day)]);
        return $"{svg}";
    }

    /// <summary>One bar below the other, with its figure beside it.</summary>
    public static string Bars(
        string label, IReadOnlyList<(string Name, double Value, string Figure, string Look, string Tip)> bars)
    {
        const double row = 30, wide = 480, figures = 130;
        var names = Math.Max(150, bars.Max(bar => Wide(bar.Name)) + 8);
        var (svg, most) = (new Svg(wide, (bars.Count * row) + 6, label), bars.Max(bar => bar.Value));
        for (var i = 0; i < bars.Count; i++)
        {
            var (name, value, figure, look, tip) = bars[i];
            var y = 4 + (i * row);
            var room = wide - names - figures;
            svg.Text(0, y + 15, "ink", name);
            svg.Bar(names, y + 4, room, 14, "track", tip);
            if (value > 0)
                svg.Bar(names, y + 4, Math.Max(value / most * room, 2), 14, look, tip);
            svg.Text(wide, y + 15, "end ink", figure);
        }

        return $"{svg}";
    }

    // In the widest fonts that are taken where no other is there.
    private static double Wide(string text) => text.Sum(letter => letter < 0x1100 ? 8.5 : 13.5);

    private static void Grid(Svg svg, double height, int steps, Func<int, string> mark)
    {
        var floor = height - Bottom;
        for (var step = 0; step <= steps; step++)
        {
            var y = floor - ((floor - Top) * step / steps);
            svg.Line(Left, y, Width - Right, y, step == 0 ? "base" : "grid");
            svg.Text(Left - 8, y + 4, "end", mark(step));
        }
    }

    // As many as have room beside each other.
    private static void Days(Svg svg, double height, IReadOnlyList<string> days)
    {
        var every = Math.Max(1, (int)Math.Ceiling(days.Count * 44 / (Width - Left - Right)));
        for (var day = 0; day < days.Count; day += every)
            svg.Text(Middle(day, days.Count), height - 8, "middle", days[day]);
    }

    private static double Middle(int index, int count) =>
        Left + ((Width - Left - Right) * (index + 0.5) / count);

    private static IEnumerable<List<(double X, double? Rate, string Tip)>> Runs(
        IEnumerable<(double X, double? Rate, string Tip)> points)
    {
        var run = new List<(double X, double? Rate, string Tip)>();
        foreach (var point in points)
        {
            if (point.Rate is not null)
                run.Add(point);
            if (point.Rate is null && run.Count > 0)
            {
                yield return run;
                run = [];
            }
        }

        if (run.Count > 0)
            yield return run;
    }
}
