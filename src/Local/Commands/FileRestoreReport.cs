using CacheBackup.Core.Restores;

namespace CacheBackup.Local.Commands;

/// <summary>A restore from a file that came to its good end.</summary>
/// <param name="Keys">Keys in the file.</param>
/// <param name="Restored">What this run restored.</param>
/// <param name="RangesBefore">Ranges that an interrupted run had restored before.</param>
/// <param name="Compared">Null: it was not compared.</param>
internal sealed record FileRestoreReport(long Keys, RestoreReport Restored, int RangesBefore, CompareReport? Compared);
