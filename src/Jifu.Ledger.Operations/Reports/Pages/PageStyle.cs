namespace Jifu.Ledger.Operations.Reports.Pages;

/// <summary>How report pages look: in the light, in the dark, on a narrow screen and on paper.</summary>
internal static class PageStyle
{
    public const string Text = """
        :root{--ground:#f6f7f9;--card:#fff;--ink:#1c2430;--soft:#5b6675;--line:#dfe4ea;--accent:#2458b8;--good:#1b7f3b;
        --bad:#b42318;--c1:#2458b8;--c2:#d97706;--c3:#0f8a7e;--c4:#7c4dcc;--c5:#c2417c;--c6:#5f7f1f;--c7:#8a94a3;
        --c8:#a0522d;--c9:#0891b2;--c10:#475569;--c11:#991b1b;--c12:#166534;--c13:#312e81;--c14:#7a6a2f}
        @media (prefers-color-scheme:dark){:root{--ground:#12161c;--card:#1b212a;--ink:#e6eaf0;--soft:#9aa7b8;
        --line:#303a47;--accent:#7fa8f5;--good:#5cc98a;--bad:#ff8f80;--c1:#7fa8f5;--c2:#f2b04a;--c3:#4fcdbd;
        --c4:#b79bf2;--c5:#f08fb8;--c6:#b2d16a;--c7:#8a97a8;--c8:#d9a07a;--c9:#5cc7e6;--c10:#94a3b8;
        --c11:#f87171;--c12:#86c98f;--c13:#a5b4fc;--c14:#d6c26a}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",
        "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;font-variant-numeric:tabular-nums}
        main{max-width:1080px;margin:0 auto;padding:32px 24px 48px}
        h1{font-size:26px;line-height:1.25;margin:0 0 4px}
        h2{font-size:16px;margin:0 0 2px}
        h2 small,h1 small{font-weight:400;color:var(--soft);margin-left:8px;font-size:.8em}
        p{margin:0 0 10px}
        .soft,.card>p{color:var(--soft);font-size:13px}
        .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:20px 0 14px}
        .card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px 18px;margin:0 0 14px}
        .cards .card{margin:0;padding:12px 16px}
        .cards b{display:block;font-size:22px;line-height:1.3;font-weight:650;white-space:nowrap}
        .cards .card span{color:var(--soft);font-size:12px}
        .two{display:grid;grid-template-columns:1fr 1fr;gap:14px}
        .good{color:var(--good)}.bad{color:var(--bad)}
        svg{display:block;width:100%;height:auto}
        svg text{fill:var(--soft);font-size:12px}
        svg .end{text-anchor:end}svg .middle{text-anchor:middle}svg .ink{fill:var(--ink)}svg .strong{font-weight:650}
        svg .grid{stroke:var(--line);stroke-width:1}svg .base{stroke:var(--soft);stroke-width:1}
        svg .rate{fill:none;stroke:var(--accent);stroke-width:2;stroke-linejoin:round}
        svg .area{fill:var(--accent);opacity:.12}svg .dot{fill:var(--card);stroke:var(--accent);stroke-width:2}
        svg .track{fill:var(--line);opacity:.6}svg .plain{fill:var(--accent)}
        .c1{fill:var(--c1)}.c2{fill:var(--c2)}.c3{fill:var(--c3)}.c4{fill:var(--c4)}.c5{fill:var(--c5)}
        .c6{fill:var(--c6)}.c7{fill:var(--c7)}.c8{fill:var(--c8)}.c9{fill:var(--c9)}.c10{fill:var(--c10)}
        .c11{fill:var(--c11)}.c12{fill:var(--c12)}.c13{fill:var(--c13)}.c14{fill:var(--c14)}
        .legend{display:flex;flex-wrap:wrap;gap:4px 16px;list-style:none;margin:6px 0 8px;padding:0;font-size:12px;
        color:var(--soft)}
        .legend svg{display:inline-block;width:10px;height:10px;margin-right:6px}
        .wide{overflow-x:auto}
        table{border-collapse:collapse;width:100%;font-size:13px}
        th,td{padding:5px 10px;text-align:left;border-bottom:1px solid var(--line);white-space:nowrap}
        th{color:var(--soft);font-weight:600;font-size:12px}
        td.n,th.n{text-align:right}
        tr.sum td{font-weight:650;border-top:1px solid var(--soft)}
        td.id{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:12px}
        td.say{white-space:normal;min-width:16em}
        footer{color:var(--soft);font-size:12px;margin-top:18px}
        @media (max-width:720px){.two{grid-template-columns:1fr}main{padding:20px 14px}}
        @media print{:root{--ground:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#ccc;--accent:#2458b8;--good:#1b7f3b;
        --bad:#b42318;--c1:#2458b8;--c2:#d97706;--c3:#0f8a7e;--c4:#7c4dcc;--c5:#c2417c;--c6:#5f7f1f;--c7:#8a94a3;
        --c8:#a0522d;--c9:#0891b2;--c10:#475569;--c11:#991b1b;--c12:#166534;--c13:#312e81;--c14:#7a6a2f}
        body{print-color-adjust:exact;-webkit-print-color-adjust:exact;font-size:12px}
        main{max-width:none;padding:0}.cards{grid-template-columns:repeat(5,1fr)}.cards b{font-size:17px}
        .card{break-inside:avoid}.wide{overflow:visible}}
        """;

    /// <summary>What a page may do: show this style, and nothing else. No script, no picture, no word to
    /// anybody.</summary>
    public const string ContentSecurityPolicy = $"default-src 'none'; style-src 'sha256-{Hash}'; base-uri 'none'; "
        + "form-action 'none'";

    // Of the style above; a test has it right. Hashing it here would bring OpenSSL into a process for this alone.
    private const string Hash = "Eh2M+l0o5My4JMJ9dYP5WzgQvrdq6JUYuzv1clW1Yg0=";
}
