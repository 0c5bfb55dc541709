namespace CacheBackup.Core.Rdb;

/// <summary>
/// How the values of one type are laid out: an optional head of eight bytes, an optional count, and the parts of each item. Streams and modules
/// have steps of their own instead of items.
/// </summary>
internal readonly record struct ValueShape(ValueStep FirstStep, bool IsCounted, uint Parts)
{
    public const uint None = 0;
    public const uint Text = 1;

    /// <summary>Eight bytes: a score or a time.</summary>
    public const uint Eight = 2;

    /// <summary>A score as text, after one byte that is its length.</summary>
    public const uint TextScore = 3;
    public const uint Number = 4;

    /// <summary>The layout of a type under a magic; null if that family does not define the type.</summary>
    /// <remarks>Pre-release modules have a type but no layout: nothing but the module knows where they end.</remarks>
    public static ValueShape? Of(RdbType type, RdbMagic magic) => type switch
    {
        RdbType.String or RdbType.HashZipmap or RdbType.ListZiplist or RdbType.SetIntset or RdbType.SortedSetZiplist or RdbType.HashZiplist
            or RdbType.HashListpack or RdbType.SortedSetListpack or RdbType.SetListpack => Single(ValueStep.Item),
        RdbType.List or RdbType.Set or RdbType.ListQuicklist => Counted(Text),
        RdbType.Hash => Counted(Text, Text),
        RdbType.SortedSet => Counted(Text, TextScore),
        RdbType.SortedSet2 => Counted(Text, Eight),
        RdbType.ListQuicklist2 => Counted(Number, Text),
        RdbType.HashWithFieldExpiry => magic == RdbMagic.Valkey ? Counted(Text, Text, Eight) : Counted(Number, Text, Text),
        RdbType.HashListpackExpiryPreRelease when magic == RdbMagic.Redis => Single(ValueStep.Item),
        RdbType.HashMetadata when magic == RdbMagic.Redis => Counted(Number, Text, Text) with { FirstStep = ValueStep.Head },
        RdbType.HashListpackExpiry when magic == RdbMagic.Redis => Single(ValueStep.Head),
        RdbType.Module2 => new ValueShape(ValueStep.ModuleId, false, None),
        RdbType.Stream or RdbType.Stream2 or RdbType.Stream3 => new ValueShape(ValueStep.StreamNodeCount, false, None),
        _ => null,
    };

    private static ValueShape Single(ValueStep first) => new(first, false, Text);

    private static ValueShape Counted(uint first, uint second = None, uint third = None) =>
        new(ValueStep.Count, true, first | (second << 8) | (third << 16));
}
