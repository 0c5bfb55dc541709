using System.Text.Json.Serialization;
using CacheBackup.Core.Operations;

namespace CacheBackup.Local.Commands;

/// <summary>How reports on files are written. Names are kept: scripts read them.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(RebuildReport))]
[JsonSerializable(typeof(Inspection))]
[JsonSerializable(typeof(Verification))]
[JsonSerializable(typeof(FileDiff))]
[JsonSerializable(typeof(FileRewrite))]
[JsonSerializable(typeof(RestoreJournalEntry))]
internal sealed partial class FileReportJson : JsonSerializerContext;
