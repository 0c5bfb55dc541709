using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Operations;

/// <summary>One range of a lane, with what its work needs.</summary>
/// <param name="Records">Who owns the restore, read just before.</param>
/// <param name="Range">The range as it was planned.</param>
/// <param name="Target">Connected; the lane's own.</param>
/// <param name="Record">The lane's record as it was before the range.</param>
internal sealed record LaneRange(RestoreRecords Records, RestoreRange Range, IRestoreTarget Target, RestoreLaneRecord Record);
