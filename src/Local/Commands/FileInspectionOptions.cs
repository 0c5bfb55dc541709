using CacheBackup.Core.Inspections;

namespace CacheBackup.Local.Commands;

/// <summary>How a file is looked through and what of it is shown.</summary>
/// <param name="ShownPrefixes">The biggest prefixes, by bytes; the rest are summed up.</param>
internal sealed record FileInspectionOptions(InspectionOptions Look, int ShownPrefixes);
