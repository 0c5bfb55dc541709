namespace CacheBackup.Local.Demo;

/// <summary>Function libraries.</summary>
internal static class DemoFunctions
{
    public static IReadOnlyList<string> Sources { get; } =
    [
        """
        #!lua name=orders
        redis.register_function('order_total', function(keys, args)
          local total = 0
          for _, amount in ipairs(redis.call('HVALS', keys[1])) do total = total + (tonumber(amount) or 0) end
          return tostring(total)
        end)
        """,
        """
        #!lua name=counters
        local function bump(keys, args)
          return redis.call('INCRBY', keys[1], args[1] or 1)
        end
        redis.register_function('bump', bump)
        redis.register_function{function_name = 'peek', callback = function(keys) return redis.call('GET', keys[1]) end, flags = {'no-writes'}}
        """,
        "#!lua name=greeting\n-- Grüße: not only ASCII\nredis.register_function('hello', function() return 'Grüß Gott' end)\n",
    ];
}
