namespace CacheBackup.Core.Rdb;

/// <summary>How far a <see cref="RdbWriter"/> has come, between two entries. Persisted in checkpoints of scans.</summary>
/// <param name="SizeBytes">Written so far.</param>
/// <param name="Keys">Entries so far.</param>
/// <param name="Crc64">Of what is written.</param>
/// <param name="Database">Selected; null: none yet.</param>
public sealed record RdbWriterPosition(RdbVersion Version, long SizeBytes, long Keys, ulong Crc64, int? Database = null);
