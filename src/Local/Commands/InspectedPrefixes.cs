namespace CacheBackup.Local.Commands;

/// <summary>Keys by the beginnings of their names.</summary>
/// <param name="Depth">How many parts make a prefix.</param>
/// <param name="Groups">The biggest ones, by bytes.</param>
/// <param name="WithoutSeparator">Keys that have no prefix.</param>
/// <param name="Others">Keys of all other prefixes.</param>
/// <param name="Counted">Prefixes that had a counter of their own, shown or among the others.</param>
/// <param name="IsComplete">
/// False: there were more prefixes than counters, or longer ones than are kept. Groups are still exact, but one that came late may be among the others
/// though it is bigger than some that are shown.
/// </param>
internal sealed record InspectedPrefixes(
    string Separator,
    int Depth,
    IReadOnlyList<InspectedGroup> Groups,
    InspectedGroup WithoutSeparator,
    InspectedGroup Others,
    int Counted,
    bool IsComplete);
