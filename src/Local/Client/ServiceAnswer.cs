using System.Text.Json;

namespace CacheBackup.Local.Client;

/// <summary>What the service answered.</summary>
/// <param name="Body">Undefined where the answer was not JSON.</param>
internal sealed record ServiceAnswer(int Status, JsonElement Body)
{
    public bool IsGood => Status is >= 200 and < 300;

    /// <summary>The problem's code; null where it is none of the service's own.</summary>
    public string? Code => Body.TextOf("code");

    /// <summary>Nothing is wrong with the request: the same one may be answered in a moment.</summary>
    public bool MayBeTriedAgain => Status is 429 or 502 or 503 or 504 || Code == "request-in-progress";
}
