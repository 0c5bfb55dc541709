using System.Globalization;
using CacheBackup.Core.Model;
using CacheBackup.Core.Resp;
namespace CacheBackup.Caches;
internal static class CacheProber
{
    public static async Task<CacheProbe> ProbeAsync(RespConnection c, CancellationToken ct)
    {
        RespReply reply = await c.SendAsync(new RespCommand("INFO"), ct);
        if (!reply.TryGetText(out string text)) throw c.Refusal("INFO", reply);
        var info = ServerInfo.Parse(text);
        RespReply time = await c.SendAsync(new RespCommand("TIME"), ct);
        ServerClock.TryParse(time, out DateTimeOffset now);
        RespReply functions = await c.SendAsync(new RespCommand("FUNCTION LIST"), ct);
        var keys = new Dictionary<int, long>(); var exp = new Dictionary<int, long>();
        foreach (var (k, v) in info.All.Where(p => p.Key.StartsWith("db", StringComparison.Ordinal) && int.TryParse(p.Key.AsSpan(2), out _)))
        {
            int n = int.Parse(k.AsSpan(2), CultureInfo.InvariantCulture);
            var parts = v.Split(',').Select(x => x.Split('=')).ToDictionary(x => x[0], x => long.Parse(x[1], CultureInfo.InvariantCulture));
            keys[n] = parts["keys"]; exp[n] = parts["expires"];
        }
        return new CacheProbe { Engine = info.Engine, Version = info.Version!.Value, RunId = info.RunId!, ServerTime = now, ClusterEnabled = info.Flag("cluster_enabled"), IsReplica = info["role"] == "slave", IsLoading = info.Flag("loading"), KeysByDatabase = keys, ExpiringKeysByDatabase = exp, FunctionLibraries = functions.TryGetItems(out var items) ? items.Length : null, UsedMemoryBytes = info.Number("used_memory"), MaxMemoryBytes = info.Number("maxmemory"), TotalSystemMemoryBytes = info.Number("total_system_memory") };
    }
}
