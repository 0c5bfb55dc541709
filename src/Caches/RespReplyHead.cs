using System.IO.Pipelines;
using CacheBackup.Core.Resp;

namespace CacheBackup.Caches;

/// <summary>The beginning of a reply whose value is to be streamed.</summary>
/// <param name="Body">The bytes of a bulk, which must be read to the end before the next reply; null when the reply is of another kind.</param>
/// <param name="LengthBytes">The length of the bulk.</param>
/// <param name="Reply">The whole reply where it is no bulk: nil, an error, or what the caller did not expect.</param>
public readonly record struct RespReplyHead(PipeReader? Body, long LengthBytes, RespReply Reply);
